package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import java.util.concurrent.atomic.AtomicLong;

/** A registry whose clock stands still, and what belongs to one. */
final class StressRegistry {

    static final RegistryContext CONTEXT = new RegistryContext(
            KvStateRegistryOptions.builder().nanoTime(() -> 0).build(), new NoTimer());
    static final KvStateRegistry REGISTRY = new KvStateRegistry(CONTEXT.options(), new NoTimer());

    private static final AtomicLong IDS = new AtomicLong();
    private static final int KEY_GROUPS = 128;

    private StressRegistry() {}

    static RegisteredKvState register(KvState state) {
        return REGISTRY.register(KvStateRegistration.builder()
                .kvStateId(new KvStateId(1, IDS.incrementAndGet()))
                .jobId(new JobId(1, 2))
                .stateName("state")
                .keyGroups(KEY_GROUPS, new KeyGroupRange(0, KEY_GROUPS - 1))
                .state(state, ReadMode.inline())
                .build());
    }

    /** What ends a read that waits for a state that is closed. */
    static void close(RegisteredKvState state, ReadQueue queue) {
        state.refuse(ErrorCode.UNKNOWN_KV_STATE_ID, RegisteredKvState.UNREGISTERED);
        queue.failWaitingOf(state, ErrorCode.UNKNOWN_KV_STATE_ID, RegisteredKvState.UNREGISTERED);
    }

    /** Nothing is ever due. */
    private static final class NoTimer implements Timer {

        @Override
        public void schedule(long delayNanos, Runnable task) {
            // Time does not pass.
        }

        @Override
        public void stop() {
            // Nothing runs.
        }
    }
}
