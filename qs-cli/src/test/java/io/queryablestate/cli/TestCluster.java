package io.queryablestate.cli;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Two task managers and the job "words", in whose state "counts" the keys k0, k1 ... have the values 0, 1 ... */
final class TestCluster implements AutoCloseable {

    static final int KEYS = 20;

    private final EmbeddedCluster cluster;
    private final EmbeddedJob job;

    private TestCluster(EmbeddedCluster cluster) {
        this.cluster = cluster;
        this.job = startJob("words");
    }

    static TestCluster start() throws IOException {
        return new TestCluster(EmbeddedCluster.builder().taskManagers(2).start());
    }

    EmbeddedJob startJob(String name) {
        EmbeddedJob started = cluster.startJob(name, 2, 128);
        EmbeddedState<String, Long> counts =
                started.addState("counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
        for (long i = 0; i < KEYS; i++) {
            counts.put("k" + i, i);
        }
        return started;
    }

    EmbeddedCluster cluster() {
        return cluster;
    }

    EmbeddedJob job() {
        return job;
    }

    String proxies() {
        return cluster.proxyAddresses().stream().map(ServerAddress::toString).collect(Collectors.joining(","));
    }

    /** A key of the state that is on a task manager. */
    String keyOn(int taskManager) {
        return IntStream.range(0, KEYS)
                .mapToObj(i -> "k" + i)
                .filter(key -> taskManagerOf(key) == taskManager)
                .findFirst()
                .orElseThrow();
    }

    private int taskManagerOf(String key) {
        int keyGroup = KeyGroups.of(key.hashCode(), job.maxParallelism());
        return job.taskManagerOf(KeyGroups.subtaskOf(keyGroup, job.maxParallelism(), job.parallelism()));
    }

    /** Runs {@code qs get} on the state "counts" of the job "words". */
    CommandRun get(String... more) {
        return getFrom("words", "counts", more);
    }

    CommandRun getFrom(String jobName, String stateName, String... more) {
        List<String> args =
                new ArrayList<>(List.of("get", "--proxy", proxies(), "--job", jobName, "--state", stateName));
        args.addAll(List.of(more));
        return CommandRun.qs(args.toArray(String[]::new));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
