package io.queryablestate.cli;

import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.PortRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Runs an embedded cluster until it is told to stop. */
@Command(
        name = "cluster",
        description = {
            "Runs a cluster in this process, with a job whose state can be queried, until Ctrl-C or SIGTERM. Prints one line"
                    + " when everything is there:",
            "  ready job=<hex> state=<name> key=<type> value=<type> proxies=<host:port,...>"
        },
        footer = {
            "",
            "Without --keys the job counts the words of a text: the key \"the\" has the number of times it comes. Words are"
                    + " runs of letters and digits in lower case.",
            "With --keys the values follow from their keys, which lets qs bench check them.",
            "",
            "Exit status: 1 if it cannot start, for example because ports are taken, 2 wrong usage; that of the signal when"
                    + " it is stopped."
        })
final class ClusterCommand implements Callable<Integer> {

    private static final int DEFAULT_VALUE_BYTES = 100;

    private final Console console;

    @Mixin
    private final LoggingOptions logging = new LoggingOptions();

    @Option(
            names = "--task-managers",
            defaultValue = "2",
            paramLabel = "N",
            description = "How many task managers, each a state server and a proxy (default: 2).")
    private int taskManagers;

    @Option(
            names = "--proxy-ports",
            converter = PortsConverter.class,
            paramLabel = "R",
            description = "Ports that each proxy tries in order, such as 9069,9080-9090 (default: any free port).")
    private PortRange proxyPorts = PortRange.anyFree();

    @Option(
            names = "--server-ports",
            converter = PortsConverter.class,
            paramLabel = "R",
            description = "Ports that each state server tries in order (default: any free port).")
    private PortRange serverPorts = PortRange.anyFree();

    @Mixin
    private final SecurityOptions security = new SecurityOptions();

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Count the words of this file (default: the LICENSE file of this project).")
    private @Nullable Path input;

    @Option(names = "--keys", paramLabel = "N", description = "Instead of words, hold the keys 0 to N-1, of type long.")
    private @Nullable Integer keys;

    @Option(
            names = "--value-bytes",
            paramLabel = "B",
            description = "With --keys: the length of each value (default: " + DEFAULT_VALUE_BYTES + ").")
    private @Nullable Integer valueBytes;

    ClusterCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        logging.apply();
        check();
        try (Termination termination = new Termination();
                EmbeddedCluster cluster = EmbeddedCluster.builder()
                        .taskManagers(taskManagers)
                        .proxyPorts(proxyPorts)
                        .serverPorts(serverPorts)
                        .security(security.serverSecurity(), security.proxyToken())
                        .start()) {
            console.out().println(startJob(cluster));
            console.out().flush();
            termination.await();
        }
        return ExitCode.OK;
    }

    private void check() {
        if (taskManagers < 1) {
            throw new UsageException("--task-managers is at least 1, got " + taskManagers);
        }
        if (keys != null && input != null) {
            throw new UsageException("--input and --keys exclude each other");
        }
        if (keys == null && valueBytes != null) {
            throw new UsageException("--value-bytes needs --keys");
        }
        if (keys != null && keys < 1) {
            throw new UsageException("--keys is at least 1, got " + keys);
        }
        if (valueBytes != null && valueBytes < 0) {
            throw new UsageException("--value-bytes is at least 0, got " + valueBytes);
        }
    }

    private String startJob(EmbeddedCluster cluster) throws IOException {
        if (keys != null) {
            EmbeddedJob job = GeneratedJob.start(cluster, keys, valueBytes == null ? DEFAULT_VALUE_BYTES : valueBytes);
            return readyLine(cluster, job, GeneratedValues.STATE, "key=long value=bytes");
        }
        InputText text = InputText.read(input);
        WordCountJob counting = WordCountJob.start(cluster);
        counting.count(text.words());
        return readyLine(cluster, counting.job(), WordCountJob.STATE, "key=string value=long");
    }

    private static String readyLine(EmbeddedCluster cluster, EmbeddedJob job, String state, String types) {
        String proxies =
                cluster.proxyAddresses().stream().map(ServerAddress::toString).collect(Collectors.joining(","));
        return "ready job=" + job.jobId() + " state=" + state + " " + types + " proxies=" + proxies;
    }

    static final class PortsConverter implements ITypeConverter<PortRange> {
        @Override
        public PortRange convert(String text) {
            try {
                return PortRange.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
