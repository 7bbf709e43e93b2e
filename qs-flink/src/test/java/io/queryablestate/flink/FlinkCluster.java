package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.highavailability.nonha.embedded.HaLeadershipControl;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/**
 * A Flink cluster in this process, with queryable state switched on and any free ports. Whose implementation answers is
 * decided by the class path. Jobs and task managers are handled by one thread, the test's.
 */
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
final class FlinkCluster {

    static final int TASK_MANAGERS = 2;
    static final String RESPONSE_LIMIT = "64 kb";
    private static final Pattern LISTENING =
            Pattern.compile("Queryable State Proxy Server (?:listens on|@) [^:]*:(\\d+)");
    private static final List<String> LOGGERS = List.of("io.queryablestate", "org.apache.flink.queryablestate");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final MiniCluster cluster;
    private final List<JobID> running = new ArrayList<>();
    private final List<QueryableStateClient> clients = new ArrayList<>();
    private int terminated;

    private FlinkCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** Two task managers with one slot each, so that every job of parallelism 2 is on both. */
    static FlinkCluster start() throws Exception {
        return start(TASK_MANAGERS, 1, Map.of());
    }

    static FlinkCluster start(int taskManagers, int slotsEach, Map<String, String> settings) throws Exception {
        Configuration configuration = Configuration.fromMap(settings);
        configuration.setString("queryable-state.enable", "true");
        configuration.setString("queryable-state.proxy.ports", "0");
        configuration.setString("queryable-state.server.ports", "0");
        FlinkCluster started = new FlinkCluster(new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(taskManagers)
                .setNumSlotsPerTaskManager(slotsEach)
                .setHaServices(MiniCluster.HaServices.WITH_LEADERSHIP_CONTROL)
                .withRandomPorts()
                .build()));
        started.listenToLog();
        // What a task manager would find in its configuration file.
        System.setProperty("queryable-state.response-limit", RESPONSE_LIMIT);
        started.cluster.start();
        for (int port : started.proxyPorts()) {
            QueryableStateClient client = new QueryableStateClient("localhost", port);
            client.setExecutionConfig(new ExecutionConfig());
            started.clients.add(client);
        }
        assertThat(started.clients).hasSize(taskManagers);
        return started;
    }

    /** Where the proxies of all task managers that were ever started listen, in that order. */
    List<Integer> proxyPorts() {
        List<Integer> ports = new ArrayList<>();
        for (String line : log) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                ports.add(Integer.parseInt(listening.group(1)));
            }
        }
        return ports;
    }

    /** The messages that our classes have logged. */
    List<String> log() {
        return List.copyOf(log);
    }

    /** One of Flink's own clients for each proxy that the cluster started with. */
    List<QueryableStateClient> clients() {
        return clients;
    }

    QueryableStateClient client() {
        return clients.get(0);
    }

    /** One after the other. */
    QueryableStateClient clientOf(long n) {
        return clients.get((int) (n % clients.size()));
    }

    JobID submit(StreamExecutionEnvironment job) throws Exception {
        return submit(job.getStreamGraph().getJobGraph());
    }

    JobID submit(JobGraph graph) throws Exception {
        submitted(graph).get(30, TimeUnit.SECONDS);
        running.add(graph.getJobID());
        return graph.getJobID();
    }

    /** By name, since the type that submitJob takes is another one in Flink 1.20, where this runs too. */
    private CompletableFuture<?> submitted(JobGraph graph) throws ReflectiveOperationException {
        for (Method method : MiniCluster.class.getMethods()) {
            if (method.getName().equals("submitJob") && method.getParameterCount() == 1) {
                return (CompletableFuture<?>) method.invoke(cluster, graph);
            }
        }
        throw new NoSuchMethodException("MiniCluster.submitJob");
    }

    /** The end of a job, whichever way. */
    CompletableFuture<JobResult> end(JobID job) {
        return cluster.requestJobResult(job);
    }

    void cancel(JobID job) throws Exception {
        running.remove(job);
        cluster.cancelJob(job).get(20, TimeUnit.SECONDS);
        end(job).get(20, TimeUnit.SECONDS);
    }

    /** Ends the task manager that was started first, with its tasks, and starts another one. */
    void replaceOldestTaskManager() throws Exception {
        cluster.terminateTaskManager(terminated++).get(30, TimeUnit.SECONDS);
        cluster.startTaskManager();
    }

    /** Where the proxies of the task managers that run listen. */
    List<Integer> liveProxyPorts() {
        List<Integer> all = proxyPorts();
        return all.subList(terminated, all.size());
    }

    /** Takes the leadership of a job from its master, and gives it back, which makes a new master. */
    void changeJobMaster(JobID job) throws Exception {
        HaLeadershipControl leadership = cluster.getHaLeadershipControl().orElseThrow();
        leadership.revokeJobMasterLeadership(job).get(30, TimeUnit.SECONDS);
        leadership.grantJobMasterLeadership(job).get(30, TimeUnit.SECONDS);
    }

    /** Ends a job with a savepoint, and tells where that is. */
    String stopWithSavepoint(JobID job, Path directory) throws Exception {
        running.remove(job);
        return cluster.stopWithSavepoint(job, directory.toString(), false, SavepointFormatType.CANONICAL)
                .get(60, TimeUnit.SECONDS);
    }

    /** Whether every task of the job runs, which a job that calls itself running does not promise. */
    boolean allTasksRun(JobID job) throws Exception {
        AccessExecutionGraph graph = cluster.getExecutionGraph(job).get(20, TimeUnit.SECONDS);
        for (AccessExecutionVertex task : graph.getAllExecutionVertices()) {
            if (task.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return graph.getState() == JobStatus.RUNNING;
    }

    /** Cancels what a test has left running. */
    void cancelAll() throws Exception {
        for (JobID job : List.copyOf(running)) {
            if (!cluster.getJobStatus(job).get(20, TimeUnit.SECONDS).isGloballyTerminalState()) {
                cancel(job);
            }
        }
    }

    void stop() throws Exception {
        for (QueryableStateClient client : clients) {
            client.shutdownAndHandle().get(20, TimeUnit.SECONDS);
        }
        cluster.closeAsync().get(60, TimeUnit.SECONDS);
    }

    /** A proxy that was given port 0 tells only its log, and Flink, which does not pass it on, where it listens. */
    private void listenToLog() {
        // A second one of the same name would not be taken, and one JVM runs several clusters one after the other.
        Appender appender =
                new AbstractAppender("collector " + UUID.randomUUID(), null, null, false, Property.EMPTY_ARRAY) {
                    @Override
                    public void append(LogEvent event) {
                        log.add(event.getMessage().getFormattedMessage());
                    }
                };
        appender.start();
        for (String logger : LOGGERS) {
            Configurator.setLevel(logger, Level.INFO);
            ((Logger) LogManager.getLogger(logger)).addAppender(appender);
        }
    }
}
