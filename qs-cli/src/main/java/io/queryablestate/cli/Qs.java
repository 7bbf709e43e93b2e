package io.queryablestate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code qs} command: queries the keyed state of running jobs, and runs an embedded cluster to query. */
@Command(
        name = "qs",
        description = "Queries the keyed state of running jobs.",
        mixinStandardHelpOptions = true,
        versionProvider = Qs.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Each command has its own --help.",
            "In a checkout of the project, ./qs flink-demo is the demo on a real Flink cluster."
        })
public final class Qs {

    private Qs() {}

    /** Runs the command line and ends the program with its exit status. */
    public static void main(String[] args) {
        Console console = new Console(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(run(console, args));
    }

    /** Runs a command line; returns its exit status. */
    static int run(Console console, String... args) {
        CommandLine commands = new CommandLine(new Qs())
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new ClusterCommand(console))
                .addSubcommand(new GetCommand(console))
                .addSubcommand(new ListCommand(console))
                .addSubcommand(new BenchCommand(console));
        for (CommandLine command : commands.getSubcommands().values()) {
            command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
        }
        Failures failures = new Failures(console);
        int status = commands.setOut(console.out())
                .setErr(console.err())
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(Qs::execute)
                .setUsageHelpWidth(100)
                .execute(args);
        console.out().flush();
        console.err().flush();
        return status;
    }

    private static int execute(ParseResult parsed) {
        CommandSpec command = parsed.commandSpec();
        if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
            throw new ParameterException(
                    command.commandLine(), "a command is missing: demo, cluster, get, list, bench");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** The version of the build, which Maven writes into a resource. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream text = Qs.class.getResourceAsStream("version.txt")) {
                if (text == null) {
                    throw new IOException("the resource version.txt is missing");
                }
                return new String[] {new String(text.readAllBytes(), StandardCharsets.UTF_8).strip()};
            }
        }
    }
}
