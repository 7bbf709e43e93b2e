package io.queryablestate.flinkdemo;

import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/** The process of a task manager that serves queryable state, by our implementation or by Flink's own. */
final class TaskManager {

    private static final Duration STARTUP = Duration.ofSeconds(90);

    /** Both implementations say it in their log, with a name and an address that depend on the machine before the port. */
    private static final String LISTENS = " (?:@|listens on) \\S*:(\\d+)";

    private static final Pattern PROXY = Pattern.compile("Queryable State Proxy Server" + LISTENS);
    private static final Pattern STATE_SERVER = Pattern.compile("Queryable State Server" + LISTENS);

    private final JavaProcess process;

    TaskManager(JavaProcess process) {
        this.process = process;
    }

    JavaProcess process() {
        return process;
    }

    /** Where its proxy listens; waits for that while it starts. */
    ServerAddress proxy() throws IOException, InterruptedException {
        return address(PROXY);
    }

    /** Where its state server listens; waits for that while it starts. */
    ServerAddress stateServer() throws IOException, InterruptedException {
        return address(STATE_SERVER);
    }

    private ServerAddress address(Pattern listens) throws IOException, InterruptedException {
        int port = Integer.parseInt(process.awaitOutput(listens, STARTUP).group(1));
        return new ServerAddress(FlinkConfiguration.HOST, port);
    }
}
