package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.Disposition;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.network.Deadline;
import io.queryablestate.network.ServerExchange;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way through the proxy: one exchange with the client, and one call to each KvState that holds some of the
 * keys. What a state server answers is passed on as it comes, so a slow key or server holds up no other.
 *
 * <pre>
 *   client ──▶ location ──▶ keys by KvState ──▶ BatchPart, one for each ──▶ items of the answer ──▶ client
 *                 ▲                                 │ refresh-location failure, of all its keys or of some
 *                 └──── pause, location stale ◀─────┘ at most maxAttempts times for a key
 * </pre>
 *
 * Keys are known by their numbers. Their bytes stay in the buffer they were read into, which is kept until the exchange ends.
 * Everything happens on the event loop of the client's connection.
 */
final class BatchExchange extends ServerExchange {

    private final ProxyHandler client;
    private final ByteBuf buffer;
    private final BatchKeys keys;
    private final BatchAnswers answers;
    private final List<BatchPart> parts = new ArrayList<>();
    private @Nullable LocationKey locationKey;
    private int mostFailures;
    private int lookups;
    private @Nullable Failure lastFailure;

    BatchExchange(ProxyHandler client, long requestId, KvStateBatchRequestCodec request, BatchKeys keys, ByteBuf in) {
        super(client, requestId, request.budgetMillis());
        this.client = client;
        this.buffer = in.retain();
        this.keys = keys;
        this.answers = new BatchAnswers(client.output(), requestId, keys.size(), this::obstacle, this::flags);
    }

    /** The failure of a connection to a state server, in words for the client. */
    Failure shown(Failure failure) {
        return client.loop().failures().shown(failure);
    }

    /** Begins with a location that is known. */
    void forward(CachedLocation location) {
        forward(keys.numbers(), 0, location);
    }

    /** Begins with finding the location. */
    void lookUp(LocationKey key) {
        locationKey = key;
        lookUp(keys.numbers(), 0, null);
    }

    ByteBuf buffer() {
        return buffer;
    }

    BatchKeys keys() {
        return keys;
    }

    ProxyLoop loop() {
        return client.loop();
    }

    private void forward(int[] numbers, int failures, CachedLocation location) {
        IdentityHashMap<KvStatePlacement, BatchPart> byHolder = new IdentityHashMap<>();
        BitSet homeless = new BitSet();
        for (int number : numbers) {
            KvStatePlacement holder = location.placementOf(location.keyGroupOf(keys.keyHashCode(buffer, number)));
            if (holder == null) {
                homeless.set(number);
            } else {
                byHolder.computeIfAbsent(holder, placed -> new BatchPart(this, placed, location, failures))
                        .add(number);
            }
        }
        byHolder.values().forEach(this::send);
        if (!homeless.isEmpty()) {
            Failure nobody = new Failure(
                    ErrorCode.NO_SERVER_FOR_KEY_GROUP,
                    "no state server holds the key groups of " + homeless.cardinality() + " keys of \""
                            + location.location().stateName() + "\"");
            failed(homeless.stream().toArray(), failures, location, nobody);
        }
    }

    private void send(BatchPart part) {
        parts.add(part);
        part.send();
    }

    /** The server of this part takes single requests only. */
    void sendOneByOne(BatchPart part) {
        parts.remove(part);
        part.singles().forEach(this::send);
    }

    /** A state server has answered some keys of a part, and will answer others unless these were the last. */
    void answered(BatchPart part, ByteBuf body, boolean last) {
        int unanswered = answers.unanswered();
        int bytes = body.readableBytes();
        BatchAnswers.Leftover leftover = answers.pass(part, body);
        if (unanswered > answers.unanswered()) {
            client.expectedAnswers().answered(bytes / (unanswered - answers.unanswered()));
        }
        holdIfCongested(part);
        Failure reason = leftover.reason();
        if (reason != null) {
            failed(leftover.heldBack(), part.failures(), part.location(), reason);
        }
        Failure violation = leftover.violation();
        if (violation == null && last && part.hasOpenKeys()) {
            violation = new Failure(ErrorCode.PROTOCOL_VIOLATION, "an answer to a batch that leaves keys out");
        }
        if (violation != null) {
            partFailed(part, violation);
        } else if (last) {
            parts.remove(part);
        }
        endIfAnswered();
    }

    /** A state server has answered the only key of a part: with a value, or, without a buffer, that it is absent. */
    void answered(BatchPart part, @Nullable ByteBuf in, int offset, int length) {
        parts.remove(part);
        for (int number : part.takeOpenKeys()) {
            if (in == null) {
                answers.absent(number);
            } else {
                answers.value(number, in, offset, length);
            }
        }
        holdIfCongested(part);
        endIfAnswered();
    }

    /** What is left of a part has failed. */
    void partFailed(BatchPart part, Failure failure) {
        parts.remove(part);
        failed(part.takeOpenKeys(), part.failures(), part.location(), failure);
        endIfAnswered();
    }

    private void holdIfCongested(BatchPart part) {
        if (client.output().isCongested()) {
            client.upstreamHold().hold(part.server());
        }
    }

    private void endIfAnswered() {
        if (answers.unanswered() == 0) {
            lastPartWritten();
        }
    }

    private void failed(int[] numbers, int failures, @Nullable CachedLocation location, Failure failure) {
        if (hasEnded() || numbers.length == 0) {
            return;
        }
        lastFailure = failure;
        mostFailures = Math.max(mostFailures, failures + 1);
        if (failure.isFinal() || failure.code().disposition() != Disposition.REFRESH_LOCATION) {
            giveUp(numbers, failure);
            return;
        }
        int retried = failures + 1 >= loop().maxAttempts() ? 0 : grantedRetries(numbers.length);
        if (retried > 0) {
            client.retried();
            locationIsStale();
            loop().context().deadlines().add(new RetryPause(Arrays.copyOf(numbers, retried), failures + 1, location));
        }
        if (retried < numbers.length) {
            giveUp(Arrays.copyOfRange(numbers, retried, numbers.length), failure.asFinal());
        }
    }

    /** For how many of so many keys the budget has a retry. */
    private int grantedRetries(int wanted) {
        long now = loop().context().nanoTime();
        int granted = 0;
        while (granted < wanted && loop().retries().tryRetry(now)) {
            granted++;
        }
        return granted;
    }

    private void giveUp(int[] numbers, Failure failure) {
        if (numbers.length == answers.unanswered()) {
            // Stands for every key that has had no answer.
            fail(failure);
        } else {
            answers.fail(numbers, failure);
        }
    }

    private void lookUp(int[] numbers, int failures, @Nullable CachedLocation stale) {
        LocationKey key = locationKey;
        if (key == null && stale != null) {
            key = new LocationKey(stale.location().jobId(), stale.location().stateName());
            locationKey = key;
        }
        if (key == null) {
            throw new IllegalStateException("retried without a location or a lookup");
        }
        lookups++;
        loop().locations().get(key, stale, loop().context().loop()).whenComplete((found, failure) -> {
            if (loop().context().loop().inEventLoop()) {
                lookedUp(numbers, failures, found, failure);
            } else {
                loop().context().loop().execute(() -> lookedUp(numbers, failures, found, failure));
            }
        });
    }

    private void lookedUp(int[] numbers, int failures, @Nullable CachedLocation found, @Nullable Throwable failure) {
        lookups--;
        if (hasEnded()) {
            if (lookups == 0) {
                workEnded();
            }
            return;
        }
        if (found != null) {
            loop().recent().add(found);
            forward(numbers, failures, found);
        } else {
            failed(numbers, failures, null, LocationExchange.typed(failure));
            endIfAnswered();
        }
    }

    @Override
    public int weight() {
        return keys.size();
    }

    @Override
    protected Failure deadlineFailure() {
        Failure cause = lastFailure;
        for (BatchPart part : parts) {
            Failure obstacle = part.server().obstacle();
            cause = obstacle == null ? cause : shown(obstacle);
        }
        if (cause == null && lookups > 0) {
            cause = ProxyExchange.NOT_FOUND_IN_TIME;
        }
        return cause == null ? super.deadlineFailure() : ProxyExchange.overdue(cause, mostFailures);
    }

    @Override
    protected boolean isWorkUnderWay() {
        return lookups > 0;
    }

    @Override
    protected void onEnd() {
        parts.forEach(BatchPart::cancel);
        parts.clear();
        buffer.release();
    }

    /** The time before the next attempt of some keys. */
    private final class RetryPause extends Deadline {

        private final int[] numbers;
        private final int failures;
        private final @Nullable CachedLocation stale;

        RetryPause(int[] numbers, int failures, @Nullable CachedLocation stale) {
            super(loop().context().nanoTime() + loop().retryPauseNanos(failures));
            this.numbers = numbers;
            this.failures = failures;
            this.stale = stale;
        }

        @Override
        protected void deadlineExpired() {
            if (!hasEnded()) {
                lookUp(numbers, failures, stale);
            }
        }
    }
}
