package io.queryablestate.flink;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;

/**
 * Measures what lookups cost a job: {@code ThroughputProgram backend rounds}. The ways of asking take turns, a few seconds
 * each, in another order each round; printed are the medians of all rounds, as JSON.
 *
 * <p>Client, proxy and state server run in this process too and take processor time that the job could use. How much that is
 * shows the flood that asks another, idle job in the same way: what is left of the difference is what reading takes from the
 * task itself.
 */
final class ThroughputProgram {

    private static final long SETTLE_MILLIS = 500;
    private static final long MEASURE_MILLIS = 3_000;
    private static final long WARM_UP_MILLIS = 15_000;
    private static final long NANOS_BETWEEN_LOOKUPS = TimeUnit.SECONDS.toNanos(1) / 500;

    private static final String BUSY = "busy";
    private static final String IDLE = "idle";

    private enum Asking {
        NOBODY,
        STEADY_500,
        FLOOD,
        FLOOD_OF_IDLE_JOB
    }

    /** Of one turn. */
    private record Turn(double recordsPerSecond, double nanosOfTaskPerRecord, double answersPerSecond) {}

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final StateReader reader;
    private final JobID busy;
    private final JobID idle;

    private ThroughputProgram(StateReader reader, JobID busy, JobID idle) {
        this.reader = reader;
        this.busy = busy;
        this.idle = idle;
    }

    public static void main(String[] args) throws Exception {
        FlinkCluster flink = FlinkCluster.start(1, 2, Map.of());
        JobID idle = flink.submit(BusyJob.create(IDLE, args[0], BusyJob.KEYS));
        Progress.awaitRecords(IDLE, BusyJob.KEYS);
        JobID busy = flink.submit(BusyJob.create(BUSY, args[0], Long.MAX_VALUE));
        Progress.awaitRecords(BUSY, BusyJob.KEYS);
        StateReader reader = ClientLibrary.connect(flink.proxyPorts());
        ThroughputProgram program = new ThroughputProgram(reader, busy, idle);
        program.turn(Asking.FLOOD, WARM_UP_MILLIS);
        System.out.println(program.measure(args[0], Integer.parseInt(args[1])));
        Runtime.getRuntime().halt(0);
    }

    private String measure(String backend, int rounds) throws InterruptedException {
        Map<Asking, List<Turn>> turns = new EnumMap<>(Asking.class);
        List<Asking> order = new ArrayList<>(List.of(Asking.values()));
        for (int round = 0; round < rounds; round++) {
            for (Asking asking : order) {
                turns.computeIfAbsent(asking, first -> new ArrayList<>()).add(turn(asking, MEASURE_MILLIS));
            }
            order.add(order.remove(0));
        }
        StringBuilder json = new StringBuilder("{\"backend\":\"" + backend + "\",\"rounds\":" + rounds);
        List<Turn> undisturbed = turns.getOrDefault(Asking.NOBODY, List.of());
        turns.forEach((asking, measured) -> json.append(",\"")
                .append(asking.name().toLowerCase(Locale.ROOT))
                .append("\":")
                .append(medians(measured, undisturbed)));
        return json.append('}').toString();
    }

    /** With the median of what each turn is of the undisturbed one of the same round, since a machine changes its pace. */
    private static String medians(List<Turn> turns, List<Turn> undisturbed) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < turns.size(); round++) {
            ratios.add(
                    turns.get(round).recordsPerSecond() / undisturbed.get(round).recordsPerSecond());
        }
        return String.format(
                Locale.ROOT,
                "{\"of_undisturbed\":%.3f,\"records_per_s\":%.0f,\"task_ns_per_record\":%.0f,\"answers_per_s\":%.0f}",
                median(ratios),
                median(turns.stream().map(Turn::recordsPerSecond).toList()),
                median(turns.stream().map(Turn::nanosOfTaskPerRecord).toList()),
                median(turns.stream().map(Turn::answersPerSecond).toList()));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private Turn turn(Asking asking, long millis) throws InterruptedException {
        long began = System.nanoTime();
        Lookups lookups =
                switch (asking) {
                    case NOBODY -> null;
                    case STEADY_500 ->
                        new Lookups(n -> {
                            // By the clock: parking takes longer than asked for, and 500 would be 440.
                            LockSupport.parkNanos(began + n * NANOS_BETWEEN_LOOKUPS - System.nanoTime());
                            return ask(busy);
                        });
                    case FLOOD -> new Lookups(n -> ask(busy));
                    case FLOOD_OF_IDLE_JOB -> new Lookups(n -> ask(idle));
                };
        try {
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            long start = System.nanoTime();
            long records = Progress.of(BUSY).get();
            long nanos = threads.getThreadCpuTime(BusyJob.threadOf(BUSY));
            long answers = lookups == null ? 0 : lookups.right.get();
            TimeUnit.MILLISECONDS.sleep(millis);
            double seconds = (System.nanoTime() - start) / 1e9;
            long recordsAfter = Progress.of(BUSY).get();
            long nanosAfter = threads.getThreadCpuTime(BusyJob.threadOf(BUSY));
            long answersAfter = lookups == null ? 0 : lookups.right.get();
            return new Turn(
                    (recordsAfter - records) / seconds,
                    (double) (nanosAfter - nanos) / (recordsAfter - records),
                    (answersAfter - answers) / seconds);
        } finally {
            if (lookups != null) {
                lookups.close();
            }
        }
    }

    private CompletableFuture<?> ask(JobID job) {
        String key = BusyJob.key(ThreadLocalRandom.current().nextInt(BusyJob.KEYS));
        return reader.get(job.toString(), BusyJob.STATE, key).thenAccept(value -> {
            if (value.isEmpty() || !value.get().startsWith(key + " ")) {
                throw new AssertionError(key + " has " + value);
            }
        });
    }
}
