package io.queryablestate.server;

import org.jspecify.annotations.Nullable;

/**
 * One keyed state that can be asked for. An engine implements it and registers it with a {@link ReadMode} that says
 * which threads may call it.
 */
@FunctionalInterface
public interface KvState {

    /**
     * The value under a key and namespace, as bytes. Called on the threads that the {@link ReadMode} allows and never
     * after the registration's {@link RegisteredKvState#close()} has returned. A read that may take long calls
     * {@link ReadContext#check} as it goes and lets what that throws pass.
     *
     * @param serializedKeyAndNamespace must not be modified
     * @return the value, which nobody may modify afterwards; null if there is none
     * @throws io.queryablestate.messages.QueryableStateException to fail the read with a code of its choice
     * @throws Exception anything else fails the read as {@code STATE_FAILED}; its details are logged, not sent
     */
    byte @Nullable [] read(byte[] serializedKeyAndNamespace, ReadContext context) throws Exception;
}
