package io.queryablestate.client;

import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.routing.CachedLocation;
import org.jspecify.annotations.Nullable;

/**
 * Reads one key.
 *
 * @param <V> what the state holds
 * @param <R> how the caller gets it
 */
final class KeyCall<V, R> extends JobCall<R> {

    private final KeyRequest request;
    private final StateDescriptor<V> descriptor;
    private final Presentation<V, R> presentation;
    private @Nullable CachedLocation location;

    KeyCall(
            ClientLoop loop,
            long timeoutNanos,
            JobReference job,
            KeyRequest request,
            StateDescriptor<V> descriptor,
            Presentation<V, R> presentation) {
        super(loop, timeoutNanos, job);
        this.request = request;
        this.descriptor = descriptor;
        this.presentation = presentation;
    }

    @Override
    public void encode(FrameOutput out, long requestId, boolean version1) {
        CachedLocation used = location;
        if (isDirect() && used != null) {
            request.encodeDirect(out, requestId, remainingMillis(), used, version1);
        } else {
            request.encode(out, requestId, remainingMillis(), jobId(), version1);
        }
    }

    @Override
    @Nullable
    PeerConnection stateServer() {
        CachedLocation known = loop().locationOf(request.state(), jobId());
        location = known;
        KvStatePlacement holder = known == null ? null : request.holderIn(known);
        return holder == null ? null : loop().stateServers().connected(holder.server());
    }

    @Override
    void stateServerFailed() {
        onLocationStale();
    }

    @Override
    public void onLocationStale() {
        CachedLocation known = location;
        if (known != null) {
            known.markStale();
        }
    }

    @Override
    R decode(byte[] value) {
        return presentation.present(descriptor.deserialize(value));
    }

    @Override
    R absent() {
        return presentation.present(null);
    }

    /** Turns a value, or null for none, into what the caller gets, or throws what the caller gets. */
    @FunctionalInterface
    interface Presentation<V, R> {
        R present(@Nullable V value);
    }
}
