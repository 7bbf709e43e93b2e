package io.queryablestate.server;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.queryablestate.messages.ErrorCode;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A read that is under way is answered once, whoever wants to answer it. */
public class ReadStress {

    private static final byte[] VALUE = {1};

    private ReadStress() {}

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "answered once")
    @Outcome(expect = FORBIDDEN, desc = "not answered, or twice")
    @State
    public static class RunAgainstDeadline {

        private final CountedRead asker = new CountedRead();
        private final RegisteredKvState state = StressRegistry.register((key, context) -> VALUE);
        private final KvStateRead read = new KvStateRead(state, asker, StressRegistry.CONTEXT);

        @Actor
        public void run() {
            read.run();
        }

        @Actor
        public void expire() {
            read.drop();
        }

        @Arbiter
        public void count(I_Result result) {
            state.close();
            result.r1 = asker.answers();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "answered once, from a state that was there")
    @Outcome(expect = FORBIDDEN, desc = "not answered once, or a freed state was read")
    @State
    public static class ReadAgainstUnregister {

        private final CountedRead asker = new CountedRead();
        private int freed;
        private int readFreed;
        private final RegisteredKvState state = StressRegistry.register((key, context) -> {
            readFreed = freed;
            return VALUE;
        });

        @Actor
        public void read() {
            StressRegistry.REGISTRY.read(state.kvStateId(), 1, asker);
        }

        @Actor
        public void unregister() {
            state.close();
            freed = 1;
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = asker.answers();
            result.r2 = readFreed;
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "answered once, nothing left in the queue")
    @Outcome(expect = FORBIDDEN, desc = "lost in the queue, or answered twice")
    @State
    public static class OfferAgainstClose {

        private final CountedRead asker = new CountedRead();
        private final ReadQueue queue = new ReadQueue(StressRegistry.CONTEXT, 10, 1_000);
        private final RegisteredKvState state = StressRegistry.register((key, context) -> VALUE);
        private final KvStateRead read = new KvStateRead(state, asker, StressRegistry.CONTEXT);

        @Actor
        public void offer() {
            queue.offer(read);
        }

        @Actor
        public void close() {
            StressRegistry.close(state, queue);
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = asker.answers();
            result.r2 = queue.size();
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "taken by one, or failed by who closed the state")
    @Outcome(expect = FORBIDDEN, desc = "not answered, or twice")
    @State
    public static class TakersAgainstClose {

        private final CountedRead asker = new CountedRead();
        private final ReadQueue queue = new ReadQueue(StressRegistry.CONTEXT, 10, 1_000);
        private final RegisteredKvState state = StressRegistry.register((key, context) -> VALUE);

        public TakersAgainstClose() {
            queue.offer(new KvStateRead(state, asker, StressRegistry.CONTEXT));
        }

        @Actor
        public void one() {
            runNext(queue);
        }

        @Actor
        public void other() {
            runNext(queue);
        }

        @Actor
        public void close() {
            StressRegistry.close(state, queue);
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = asker.answers();
        }
    }

    /** A bound on keys holds for all who offer together. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one waits, the other was refused")
    @Outcome(expect = FORBIDDEN, desc = "more wait than may, or one is lost")
    @State
    public static class OffersToAFullQueue {

        private final CountedRead asker = new CountedRead();
        private final ReadQueue queue = new ReadQueue(StressRegistry.CONTEXT, 1, 1_000);
        private final RegisteredKvState state = StressRegistry.register((key, context) -> VALUE);

        @Actor
        public void one() {
            queue.offer(new KvStateRead(state, asker, StressRegistry.CONTEXT));
        }

        @Actor
        public void other() {
            queue.offer(new KvStateRead(state, asker, StressRegistry.CONTEXT));
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = queue.size();
            result.r2 = asker.answers();
            state.refuse(ErrorCode.UNKNOWN_KV_STATE_ID, "the end");
        }
    }

    private static void runNext(ReadQueue queue) {
        ReadTask next = queue.take();
        if (next != null) {
            next.run(ReadTask.ALL_KEYS, Long.MAX_VALUE);
            queue.ran(next);
        }
    }
}
