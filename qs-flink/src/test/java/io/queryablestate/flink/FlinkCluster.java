package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** A Flink cluster of two task managers in this process, with queryable state switched on and any free ports. */
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
final class FlinkCluster {

    static final int TASK_MANAGERS = 2;
    static final String RESPONSE_LIMIT = "64 kb";
    private static final Pattern LISTENING =
            Pattern.compile("Queryable State Proxy Server listens on localhost[^:]*:(\\d+)");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final MiniCluster cluster;
    private final List<JobID> running = new ArrayList<>();
    private final List<QueryableStateClient> clients = new ArrayList<>();

    private FlinkCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    static FlinkCluster start() throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("queryable-state.enable", "true");
        configuration.setString("queryable-state.proxy.ports", "0");
        configuration.setString("queryable-state.server.ports", "0");
        FlinkCluster started = new FlinkCluster(new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(TASK_MANAGERS)
                // So that every job of parallelism 2 is on both.
                .setNumSlotsPerTaskManager(1)
                .withRandomPorts()
                .build()));
        started.listenToLog();
        // What a task manager would find in its configuration file.
        System.setProperty("queryable-state.response-limit", RESPONSE_LIMIT);
        started.cluster.start();
        started.connectToProxies();
        return started;
    }

    /** The messages that our classes have logged. */
    List<String> log() {
        return List.copyOf(log);
    }

    /** One of Flink's own clients for each proxy. */
    List<QueryableStateClient> clients() {
        return clients;
    }

    QueryableStateClient client() {
        return clients.get(0);
    }

    JobID submit(StreamExecutionEnvironment job) throws Exception {
        JobGraph graph = job.getStreamGraph().getJobGraph();
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
        Appender appender = new AbstractAppender("collector", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                log.add(event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        ((Logger) LogManager.getLogger("io.queryablestate")).addAppender(appender);
    }

    private void connectToProxies() throws Exception {
        for (String line : log) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                clients.add(new QueryableStateClient("localhost", Integer.parseInt(listening.group(1))));
            }
        }
        assertThat(clients).hasSize(TASK_MANAGERS);
    }
}
