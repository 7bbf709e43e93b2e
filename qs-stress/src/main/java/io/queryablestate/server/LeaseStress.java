package io.queryablestate.server;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A lease stands between a reader and the end of what it reads. */
public class LeaseStress {

    private static final int REFUSED = -1;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private LeaseStress() {}

    /** Refuses, waits, and only then lets the state go: what a task manager does. */
    private static void close(ReadLease lease) {
        lease.refuse();
        if (!lease.awaitReturned(PATIENCE_NANOS)) {
            throw new AssertionError("a lease was not given back");
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "read before the state was freed")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "refused")
    @Outcome(id = "1", expect = FORBIDDEN, desc = "read a freed state")
    @State
    public static class ReadAgainstClose {

        private final ReadLease lease = new ReadLease();
        private int freed;

        @Actor
        public void read(I_Result result) {
            if (lease.acquire()) {
                result.r1 = freed;
                lease.release();
            } else {
                result.r1 = REFUSED;
            }
        }

        @Actor
        public void free() {
            close(lease);
            freed = 1;
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the closer sees all that the reader did")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "the closer went on while the state was read")
    @State
    public static class CloseSeesTheRead {

        private final ReadLease lease = new ReadLease();
        private int done;

        @Actor
        public void read(II_Result result) {
            if (lease.acquire()) {
                done = 1;
                lease.release();
                result.r1 = 1;
            }
        }

        @Actor
        public void free(II_Result result) {
            close(lease);
            result.r2 = done;
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "both closers waited")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "a closer did not wait")
    @State
    public static class TwoClosers {

        private final ReadLease lease = new ReadLease();
        private int done;

        @Actor
        public void read(III_Result result) {
            if (lease.acquire()) {
                done = 1;
                lease.release();
                result.r1 = 1;
            }
        }

        @Actor
        public void one(III_Result result) {
            close(lease);
            result.r2 = done;
        }

        @Actor
        public void other(III_Result result) {
            close(lease);
            result.r3 = done;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, -1", "-1, 0", "-1, -1"},
            expect = ACCEPTABLE,
            desc = "read in time, or refused")
    @Outcome(expect = FORBIDDEN, desc = "read a freed state")
    @State
    public static class TwoReadersAgainstClose {

        private final ReadLease lease = new ReadLease();
        private int freed;

        @Actor
        public void one(II_Result result) {
            if (lease.acquire()) {
                result.r1 = freed;
                lease.release();
            } else {
                result.r1 = REFUSED;
            }
        }

        @Actor
        public void other(II_Result result) {
            if (lease.acquire()) {
                result.r2 = freed;
                lease.release();
            } else {
                result.r2 = REFUSED;
            }
        }

        @Actor
        public void free() {
            close(lease);
            freed = 1;
        }
    }
}
