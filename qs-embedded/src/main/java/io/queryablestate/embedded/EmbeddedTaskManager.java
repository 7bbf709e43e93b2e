package io.queryablestate.embedded;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import java.io.IOException;

/** One task manager of the cluster, over all its lives. Thread-safe. */
public final class EmbeddedTaskManager {

    private final int index;
    private final ClusterOptions options;
    private final LocationRegistry locations;
    private final CountingStats proxyStatistics = new CountingStats();
    private final CountingStats serverStatistics = new CountingStats();
    private volatile TaskManagerProcess process;

    /** Starts it for the first time. */
    EmbeddedTaskManager(int index, ClusterOptions options, LocationRegistry locations) throws IOException {
        this.index = index;
        this.options = options;
        this.locations = locations;
        this.process = TaskManagerProcess.start(index, options, locations, proxyStatistics, serverStatistics);
    }

    /** Its number in the cluster, from 0. */
    public int index() {
        return index;
    }

    /** Whether it runs. */
    public boolean isUp() {
        return process.isUp();
    }

    /** Where its proxy listens, or has listened last. */
    public ServerAddress proxyAddress() {
        return process.proxyAddress();
    }

    /** Where its state server listens, or has listened last. */
    public ServerAddress serverAddress() {
        return process.serverAddress();
    }

    /** What its proxy has counted, over all its lives. */
    public CountingStats proxyStatistics() {
        return proxyStatistics;
    }

    /** What its state server has counted, over all its lives. */
    public CountingStats serverStatistics() {
        return serverStatistics;
    }

    /** How many states the location cache of its proxy holds. */
    public long cachedLocations() {
        return process.cachedLocations();
    }

    TaskManagerProcess process() {
        return process;
    }

    /** Starts it again, on its former ports where they are free. */
    TaskManagerProcess restart() throws IOException {
        ClusterOptions formerPorts =
                options.preferring(proxyAddress().port(), serverAddress().port());
        process = TaskManagerProcess.start(index, formerPorts, locations, proxyStatistics, serverStatistics);
        return process;
    }
}
