package io.queryablestate.gates;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import io.queryablestate.gates.FaultMixGate.Kind;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A job whose state moves between task managers while it is written and read. In every move the new registration comes
 * first and the notice that the old one has ended comes after it. Used by the gate's thread.
 */
final class MovingFaults implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int TASK_MANAGERS = 3;
    private static final int SUBTASKS = 4;
    private static final int KEYS = 64;
    private static final int VALUE_BYTES = 64;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long BETWEEN_MOVES_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final GateRun run;
    private final EmbeddedCluster cluster;
    private final EmbeddedJob job;
    private final EmbeddedState<Long, byte[]> written;
    private final QueryableStateClient client;
    private final QueryableState<Long, byte[]> read;
    /** The version that each key may have by now, raised before it is written, and the one it has at least. */
    private final AtomicLongArray announced = new AtomicLongArray(KEYS);

    private final AtomicLongArray visible = new AtomicLongArray(KEYS);
    private final List<Thread> threads = List.of(new Thread(this::write, "writer"), new Thread(this::readOn, "reader"));
    private volatile boolean stopped;

    MovingFaults(GateRun run) throws IOException {
        this.run = run;
        this.cluster = EmbeddedCluster.builder().taskManagers(TASK_MANAGERS).start();
        this.job = cluster.startJob("moving", SUBTASKS, StampedState.KEY_GROUPS);
        this.written = job.addState("versions", Serializers.LONG, StateDescriptor.value(Serializers.BYTES));
        for (int key = 0; key < KEYS; key++) {
            written.put((long) key, new GateValue(key, 0, 0).encode(VALUE_BYTES));
        }
        this.client = run.client(cluster.proxyAddresses().toArray(ServerAddress[]::new))
                .build();
        this.read = client.state(job.jobId(), "versions", Serializers.LONG, StateDescriptor.value(Serializers.BYTES))
                .withTimeout(TIMEOUT);
        threads.forEach(Thread::start);
    }

    List<Kind> kinds() {
        return List.of(new Kind("late unregistration", this::move));
    }

    void move(int number) throws InterruptedException {
        job.moveSubtask(number % SUBTASKS, run.random().nextInt(TASK_MANAGERS));
        run.fault("late unregistration");
        LockSupport.parkNanos(BETWEEN_MOVES_NANOS);
    }

    private void write() {
        for (long version = 1; !stopped; version++) {
            for (int key = 0; key < KEYS && !stopped; key++) {
                announced.set(key, version);
                written.put((long) key, new GateValue(key, 0, version).encode(VALUE_BYTES));
                visible.set(key, version);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void readOn() {
        while (!stopped) {
            ask();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Reads a key; right is what was written by the end of the read and is no older than what it began with. */
    CompletableFuture<?> ask() {
        int key = ThreadLocalRandom.current().nextInt(KEYS);
        long atLeast = visible.get(key);
        long start = System.nanoTime();
        return run.ledger().follow(TIMEOUT, read.get((long) key), start, (answer, began, ended) -> {
            GateValue found = answer.flatMap(GateValue::decode).orElse(null);
            if (found == null || found.key() != key) {
                return "key " + key + " was " + (found == null ? "absent or torn" : "of key " + found.key());
            }
            boolean legal = found.version() >= atLeast && found.version() <= announced.get(key);
            return legal
                    ? null
                    : "key " + key + " had version " + found.version() + ", legal is " + atLeast + " to "
                            + announced.get(key);
        });
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Ends::await);
        run.ledger().awaitAll(TIMEOUT.multipliedBy(2));
        client.close();
        cluster.close();
    }
}
