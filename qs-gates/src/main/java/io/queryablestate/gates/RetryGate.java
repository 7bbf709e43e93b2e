package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** R3: requests to a dead server are tried a few times, cost next to nothing, and stop at their deadline. */
final class RetryGate implements Gate {

    private static final int REQUESTS = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final int WARM_UP_REQUESTS = 1_000;
    private static final double MAX_CORES = 0.05;
    private static final int MAX_ATTEMPTS = 5;
    private static final double MAX_ADDED_LOAD = 0.2;
    private static final double RETRIES_PER_SECOND = 10;

    @Override
    public void run(GateRun run) throws Exception {
        waitOnDeadServer(run);
        countAttempts(run);
    }

    /** Nobody listens; the requests wait for somebody to. */
    private static void waitOnDeadServer(GateRun run) throws Exception {
        ServerAddress nobody = new ServerAddress("127.0.0.1", freePort());
        try (LoneProxy proxy = LoneProxy.before(nobody, new KvStateId(1, 1));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            Reads reads = new Reads(run, client, WARM_UP);
            reads.burst(WARM_UP_REQUESTS, REQUESTS);
            reads = new Reads(run, client, TIMEOUT);
            long cpu = cpuNanos();
            long start = System.nanoTime();
            reads.burst(run.times(REQUESTS, REQUESTS), REQUESTS);
            run.figure("last_ended_after_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            // Most end long before, for want of retries. What they may cost is a part of the time that they may take;
            // whoever still works for them after their end shows too.
            TimeUnit.NANOSECONDS.sleep(start + TIMEOUT.toNanos() - System.nanoTime());
            double cores = (cpuNanos() - cpu) / (double) (System.nanoTime() - start);
            run.fault("request to a dead server", run.times(REQUESTS, REQUESTS));
            run.requireAtMost("cores_waiting", Math.round(cores * 1000) / 1000.0, MAX_CORES);
            run.requireAtMost("retries_of_proxy", proxy.stats.retries(), proxy.stats.requests() * (MAX_ATTEMPTS - 1.0));
        }
    }

    /** A server that hangs up on every request sees how often each is sent. */
    private static void countAttempts(GateRun run) throws Exception {
        AtomicLong seen = new AtomicLong();
        try (FrameServer rude = RudeServer.hangingUp(seen);
                LoneProxy proxy = LoneProxy.before(new ServerAddress("127.0.0.1", rude.port()), new KvStateId(1, 1));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            int requests = run.times(REQUESTS, REQUESTS * 10);
            long start = System.nanoTime();
            reads.burst(requests, 1);
            double seconds = (System.nanoTime() - start) / 1e9;
            run.fault("hang-up", requests);
            run.figure("attempts", seen.get());
            double budget = Math.ceil(requests * (1 + MAX_ADDED_LOAD) + RETRIES_PER_SECOND * (seconds + 1));
            // Requests that go on for long earn retries for themselves.
            run.requireAtMost("attempts_at_server", seen.get(), Math.min(budget, requests * MAX_ATTEMPTS));
            run.requireAtLeast("attempts_wanted", seen.get(), requests);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What the event loops of client and proxy have worked. */
    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith("qs-") || thread.getName().startsWith("queryable-"))
                .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getId())))
                .sum();
    }
}
