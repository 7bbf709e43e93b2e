package io.queryablestate.flinkdemo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows that queries outlive a task manager of a real Flink cluster. */
@Command(
        name = "qs flink-demo",
        usageHelpWidth = 100,
        description = {
            "Starts a Flink cluster of a job manager and two task managers, each a process of its own, with this project's"
                    + " jar in the place of Flink's own queryable state. Two jobs count the words of a text, one with its"
                    + " state on the heap, one in RocksDB. Their counts are asked for from outside, a task manager is"
                    + " killed with -9 and replaced, and every answer is checked.",
            "Takes one to two minutes. Listens on free ports of 127.0.0.1 only, and leaves nothing behind."
        },
        footer = {"", "Exit status: 0 every answer was right, 1 one was not or the cluster failed, 2 wrong usage."})
final class FlinkDemoCommand implements Callable<Integer> {

    @Option(
            names = "--flink-version",
            paramLabel = "VERSION",
            defaultValue = "${sys:qs.flink.version}",
            description = "The version of Flink, such as 1.20.0 (default: ${DEFAULT-VALUE}).")
    private String version = "";

    @Option(
            names = "--input",
            paramLabel = "FILE",
            defaultValue = "${sys:qs.flink.demo.input}",
            description = "The text, in UTF-8 (default: ${DEFAULT-VALUE}).")
    private Path input = Path.of("");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;

    private FlinkDemoCommand() {}

    /** Runs the demo and ends the program with its exit status. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new FlinkDemoCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    boolean isExpected = failure instanceof IOException || failure instanceof FlinkProcessException;
                    command.getErr().println("error: " + (isExpected ? failure.getMessage() : failure));
                    return command.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountedText text = CountedText.read(input);
        FlinkJars jars = FlinkJars.find(version);
        try (FlinkCluster cluster = FlinkCluster.start(jars)) {
            return new Demo(System.out, jars, text, cluster).run() ? 0 : 1;
        }
    }
}
