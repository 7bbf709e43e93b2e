package io.queryablestate.cli;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.network.CountingStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows in some seconds what this is. */
@Command(
        name = "demo",
        description = {
            "Counts the words of a text on an embedded cluster while the counts are queried, compares what the proxies say"
                    + " with an independent count, kills a task manager under load, and checks every answer."
        },
        footer = {"", "Exit status: 0 every number was right, 1 one was not, 2 wrong usage."})
final class DemoCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final LoggingOptions logging = new LoggingOptions();

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "The text, in UTF-8 (default: the LICENSE file of this project).")
    private @Nullable Path input;

    @Option(
            names = "--task-managers",
            defaultValue = "3",
            paramLabel = "N",
            description = "How many task managers, at least 2 (default: 3).")
    private int taskManagers;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        logging.apply();
        if (taskManagers < 2) {
            throw new UsageException("--task-managers is at least 2, since one is killed, got " + taskManagers);
        }
        InputText text = InputText.read(input);
        CountingStats clientStats = new CountingStats();
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.builder().taskManagers(taskManagers).start();
                QueryableStateClient client = connect(cluster, clientStats)) {
            boolean right = new Demo(console.out(), cluster, client, clientStats, text).run();
            return right ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static QueryableStateClient connect(EmbeddedCluster cluster, CountingStats stats) {
        var builder =
                QueryableStateClient.builder().requestTimeout(Demo.TIMEOUT).stats(stats);
        cluster.proxyAddresses().forEach(builder::proxy);
        return builder.build();
    }
}
