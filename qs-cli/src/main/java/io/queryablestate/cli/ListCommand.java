package io.queryablestate.cli;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.network.RequestStats;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows which states can be asked. */
@Command(
        name = "list",
        description = {
            "Lists jobs, their states with kind and types, and where their key groups are: the union of what the proxies"
                    + " know, each about its own task manager. Says which proxies have answered."
        },
        footer = {
            "",
            "With --json each line is one of",
            "  {\"proxy\":\"host:port\",\"answered\":true}",
            "  {\"proxy\":\"host:port\",\"answered\":false,\"code\":\"CODE\",\"error\":\"text\"}",
            "  {\"job\":\"hex\",\"name\":\"text\",\"state\":\"text\",\"kind\":\"VALUE\",\"key\":\"type\",\"value\":\"type\",",
            "   \"maxParallelism\":128,\"placement\":[{\"first\":0,\"last\":63,\"server\":\"host:port\"}]}",
            "  where \"server\" is null for key groups that nobody holds, and \"placement\" is null if it is not known.",
            "",
            "Exit status: 0 all proxies have answered, 1 one has not or a placement is not known (error CODE: text on the",
            "  error output), 2 wrong usage."
        })
final class ListCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final LoggingOptions logging = new LoggingOptions();

    @Mixin
    private final ProxyOptions proxies = new ProxyOptions();

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        logging.apply();
        Listing listing;
        try (QueryableStateClient client = proxies.connect(RequestStats.noop())) {
            listing = Listing.of(client);
        }
        listing.problems().forEach(console.err()::println);
        (json ? ListingFormat.json(listing) : ListingFormat.text(listing)).forEach(console.out()::println);
        return listing.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
