package io.queryablestate.embedded;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.PortRange;
import io.queryablestate.network.ServerSecurity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A whole cluster in one JVM: task managers, each with a state server and a proxy that listen on real ports, and a
 * registry that knows where states are. For tests of whatever asks for state, and for trying things out.
 *
 * <pre>{@code
 * try (EmbeddedCluster cluster = EmbeddedCluster.builder().taskManagers(3).start()) {
 *     EmbeddedJob job = cluster.startJob("word-count", 3, 128);
 *     EmbeddedState<String, Long> counts =
 *             job.addState("counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
 *     counts.update("flink", count -> count == null ? 1L : count + 1);
 *     // ask cluster.proxyAddresses() for "flink" in "counts" of job.jobId()
 * }
 * }</pre>
 *
 * <p>Thread-safe. Its threads are daemons and have ended when {@link #close()} returns.
 */
public final class EmbeddedCluster implements AutoCloseable {

    private final LocationRegistry locations;
    private final TaskManagers taskManagers;
    /** Guarded by {@link #taskManagers}. */
    private final List<EmbeddedJob> jobs = new ArrayList<>();

    private boolean closed;

    private EmbeddedCluster(LocationRegistry locations, TaskManagers taskManagers) {
        this.locations = locations;
        this.taskManagers = taskManagers;
    }

    /** Starts from the defaults: two task managers on any free ports of the loopback address. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the proxies of the task managers that are up listen. */
    public List<ServerAddress> proxyAddresses() {
        return taskManagers.all().stream()
                .filter(EmbeddedTaskManager::isUp)
                .map(EmbeddedTaskManager::proxyAddress)
                .toList();
    }

    /** All task managers, by their index. */
    public List<EmbeddedTaskManager> taskManagers() {
        return taskManagers.all();
    }

    /** Whom the proxies ask for locations; a test can make it misbehave. */
    public LocationRegistry oracle() {
        return locations;
    }

    /**
     * Starts a job; its subtasks are given to the task managers that are up, in turn.
     *
     * @param name for people
     * @param parallelism how many subtasks it has, 1 to {@code maxParallelism}
     * @param maxParallelism how many key groups it has, 1 to 32768; fixed for the job
     * @throws IllegalArgumentException if a number is out of its range
     * @throws IllegalStateException if no task manager is up or the cluster is closed
     */
    public EmbeddedJob startJob(String name, int parallelism, int maxParallelism) {
        synchronized (taskManagers) {
            checkOpen();
            EmbeddedJob job = new EmbeddedJob(name, parallelism, maxParallelism, taskManagers, locations);
            jobs.removeIf(former -> !former.isRunning());
            jobs.add(job);
            return job;
        }
    }

    /**
     * Ends a task manager as a crash would: its sockets are reset, nobody is told, and its states stay where the location
     * registry last knew them until their jobs {@linkplain EmbeddedJob#recover() recover} or it is
     * {@linkplain #restartTaskManager restarted}. Values are not lost; they can be written meanwhile. Does nothing to one
     * that is down.
     */
    public void killTaskManager(int index) {
        synchronized (taskManagers) {
            TaskManagerProcess process = taskManagers.get(index).process();
            if (process.isUp()) {
                process.kill().join();
            }
        }
    }

    /**
     * Ends a task manager in good order: its states are unregistered, and what it has accepted is answered, within the
     * drain timeout. Does nothing to one that is down.
     */
    public void stopTaskManager(int index) {
        synchronized (taskManagers) {
            TaskManagerProcess process = taskManagers.get(index).process();
            jobs.forEach(job -> job.withdrawFrom(process));
            process.stop().join();
        }
    }

    /**
     * Starts a task manager that is down, on its former ports where they are free, else on others that it may take. It
     * gets back the subtasks that it had, unless they have found another task manager meanwhile.
     *
     * @throws IOException if it finds no port; it is still down then
     * @throws IllegalStateException if it is up or the cluster is closed
     */
    public void restartTaskManager(int index) throws IOException {
        synchronized (taskManagers) {
            checkOpen();
            EmbeddedTaskManager taskManager = taskManagers.get(index);
            if (taskManager.isUp()) {
                throw new IllegalStateException("task manager " + index + " is up");
            }
            TaskManagerProcess process = taskManager.restart();
            jobs.stream().filter(EmbeddedJob::isRunning).forEach(job -> job.welcomeBack(process));
        }
    }

    /** Ends everything: answers what the task managers have accepted, within the drain timeout, then ends the jobs. */
    @Override
    public void close() {
        synchronized (taskManagers) {
            if (closed) {
                return;
            }
            closed = true;
            CompletableFuture.allOf(taskManagers.processes().stream()
                            .map(TaskManagerProcess::stop)
                            .toArray(CompletableFuture[]::new))
                    .join();
            jobs.forEach(EmbeddedJob::close);
            locations.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the cluster is closed");
        }
    }

    /** Collects what a cluster needs; used by one thread. */
    public static final class Builder {
        private int taskManagers = 2;
        private String bindHost = "127.0.0.1";
        private PortRange proxyPorts = PortRange.anyFree();
        private PortRange serverPorts = PortRange.anyFree();
        private int eventLoopThreads = 1;
        private Duration drainTimeout = Duration.ofSeconds(5);
        private ServerSecurity security = ServerSecurity.none();
        private String proxyToken = "";

        private Builder() {}

        /** How many task managers there are, at least 1; default 2. */
        public Builder taskManagers(int count) {
            this.taskManagers = count;
            return this;
        }

        /** Name or address to listen on; default {@code 127.0.0.1}. */
        public Builder bindHost(String host) {
            this.bindHost = host;
            return this;
        }

        /** Ports that each proxy tries, in order; default: any free one. */
        public Builder proxyPorts(PortRange ports) {
            this.proxyPorts = ports;
            return this;
        }

        /** Ports that each state server tries, in order; default: any free one. */
        public Builder serverPorts(PortRange ports) {
            this.serverPorts = ports;
            return this;
        }

        /** Network threads of each proxy and of each state server, at least 1; default 1, since they share a machine. */
        public Builder eventLoopThreads(int threads) {
            this.eventLoopThreads = threads;
            return this;
        }

        /** How long a task manager that stops works on what it has accepted; default 5 s. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = timeout;
            return this;
        }

        /**
         * Whom proxies and state servers serve, and what they may read; default: everybody, and everything. With TLS the
         * proxies use the same certificate and the same trusted authorities for their connections to state servers.
         *
         * @param proxyToken what the proxies say to the state servers; empty for nothing. Their identity, by this token or
         *     their certificate, must be allowed to read all states that clients are to get through them
         */
        public Builder security(ServerSecurity options, String proxyToken) {
            this.security = options;
            this.proxyToken = proxyToken;
            return this;
        }

        /**
         * Starts the cluster.
         *
         * @throws IOException if a task manager finds no port; nothing is left running then
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public EmbeddedCluster start() throws IOException {
            ClusterOptions options = new ClusterOptions(
                    taskManagers,
                    bindHost,
                    proxyPorts,
                    serverPorts,
                    eventLoopThreads,
                    drainTimeout,
                    security,
                    proxyToken);
            LocationRegistry locations = new LocationRegistry();
            List<EmbeddedTaskManager> started = new ArrayList<>();
            try {
                for (int index = 0; index < taskManagers; index++) {
                    started.add(new EmbeddedTaskManager(index, options, locations));
                }
            } catch (IOException | RuntimeException e) {
                started.forEach(taskManager -> taskManager.process().stop().join());
                locations.close();
                throw e;
            }
            return new EmbeddedCluster(locations, new TaskManagers(started));
        }
    }
}
