package io.queryablestate.proxy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.ServerExchange;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationCache;
import io.queryablestate.routing.LocationKey;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A client's question where a state is. */
final class LocationExchange extends ServerExchange {

    private final LocationKey key;
    private final ProxyLoop loop;
    private boolean lookingUp = true;

    LocationExchange(ProxyHandler client, long requestId, int budgetMillis, LocationKey key, ProxyLoop loop) {
        super(client, requestId, budgetMillis);
        this.key = key;
        this.loop = loop;
    }

    /** Begins; {@code anew} if the client has found an earlier answer out of date. */
    void start(boolean anew) {
        LocationCache cache = loop.locations();
        ScheduledExecutorService timer = loop.context().loop();
        (anew ? cache.getAnew(key, timer) : cache.get(key, null, timer))
                .whenComplete((found, failure) -> loop.context().loop().execute(() -> answer(found, failure)));
    }

    private void answer(@Nullable CachedLocation found, @Nullable Throwable failure) {
        lookingUp = false;
        if (hasEnded()) {
            workEnded();
        } else if (found == null) {
            fail(typed(failure));
        } else {
            message(found.location()::encode);
        }
    }

    /** What a failed lookup means to the asker. */
    static Failure typed(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof QueryableStateException typed
                ? Failure.of(typed)
                : new Failure(ErrorCode.LOCATION_UNKNOWN, "the lookup of the state's location failed");
    }

    @Override
    protected boolean isWorkUnderWay() {
        return lookingUp;
    }

    @Override
    protected void onEnd() {
        // The lookup goes on for whoever asks next.
    }
}
