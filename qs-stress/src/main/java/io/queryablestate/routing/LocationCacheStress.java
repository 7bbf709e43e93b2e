package io.queryablestate.routing;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Event loops share a location cache. */
public class LocationCacheStress {

    private static final JobId JOB = new JobId(1, 2);
    private static final LocationKey KEY = new LocationKey(JOB, "state");
    private static final int KEY_GROUPS = 2;
    private static final ScheduledExecutorService NO_TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "timer");
        thread.setDaemon(true);
        return thread;
    });

    private LocationCacheStress() {}

    /** A cache before an oracle that answers when it is told to. */
    static final class Rig {

        final AtomicInteger lookups = new AtomicInteger();
        final CompletableFuture<KvStateLocation> answer = new CompletableFuture<>();
        final LocationOracles oracles = new LocationOracles();
        final LocationCache cache;

        Rig() {
            oracles.update(JOB, (job, name) -> {
                lookups.incrementAndGet();
                return answer;
            });
            cache = new LocationCache(
                    oracles, new LookupOptions(Duration.ofMinutes(1), Duration.ofMillis(100), 10, () -> 0L));
        }

        CompletableFuture<CachedLocation> get() {
            return cache.get(KEY, null, NO_TIMER);
        }

        void complete() {
            answer.complete(KvStateLocation.builder(JOB, "state", KEY_GROUPS)
                    .place(
                            new KeyGroupRange(0, KEY_GROUPS - 1),
                            new KvStatePlacement(new KvStateId(1, 1), new ServerAddress("127.0.0.1", 1)))
                    .build());
        }
    }

    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "one lookup, both are answered")
    @Outcome(expect = FORBIDDEN, desc = "a second lookup, or somebody waits for ever")
    @State
    public static class OneLookup extends Asked {

        @Actor
        public void one() {
            first = rig.get();
        }

        @Actor
        public void other() {
            second = rig.get();
        }

        @Arbiter
        public void count(II_Result result) {
            rig.complete();
            result.r1 = rig.lookups.get();
            result.r2 = answered();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "one lookup, who joins it while it ends is answered too")
    @Outcome(expect = FORBIDDEN, desc = "a second lookup, or somebody waits for ever")
    @State
    public static class JoinAgainstAnswer extends Asked {

        public JoinAgainstAnswer() {
            first = rig.get();
        }

        @Actor
        public void join() {
            second = rig.get();
        }

        @Actor
        public void answer() {
            rig.complete();
        }

        @Arbiter
        public void count(II_Result result) {
            result.r1 = rig.lookups.get();
            result.r2 = answered();
        }
    }

    /** Whether a job ends before, while or after its lookup is answered: nobody waits for ever. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "told, and nothing is kept")
    @Outcome(expect = FORBIDDEN, desc = "somebody waits for ever, or what is gone is kept")
    @State
    public static class AnswerAgainstEvict extends Asked {

        public AnswerAgainstEvict() {
            first = rig.get();
        }

        @Actor
        public void answer() {
            rig.complete();
        }

        @Actor
        public void evict() {
            rig.oracles.update(JOB, null);
            rig.cache.evict(JOB);
        }

        @Arbiter
        public void count(III_Result result) {
            result.r1 = rig.lookups.get();
            result.r2 = first.isDone() ? 1 : 0;
            result.r3 = (int) rig.cache.size();
        }
    }

    /** Two who ask. */
    abstract static class Asked {

        final Rig rig = new Rig();
        CompletableFuture<CachedLocation> first;
        CompletableFuture<CachedLocation> second;

        int answered() {
            return (first.isDone() ? 1 : 0) + (second.isDone() ? 1 : 0);
        }
    }
}
