package io.queryablestate.cli;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.RequestStats;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks for keys of one state. */
@Command(
        name = "get",
        description = "Prints the values of keys, one line a key, in the order of the keys.",
        footer = {
            "",
            "Lines of output:",
            "  a string as it is, but \\\\ for a backslash, \\n \\r \\t and \\uXXXX for control characters;",
            "  bytes as hexadecimal digits; lists, maps and tuples as JSON on one line;",
            "  \\absent for a key that has no value; \\failed CODE for one that could not be read.",
            "  The line of a value never begins with \\a or \\f, since its own backslashes are doubled.",
            "Errors go to the error output, one line each: error CODE: text",
            "With --json each line is one of",
            "  {\"key\":\"the\",\"status\":\"found\",\"value\":42}",
            "  {\"key\":\"the\",\"status\":\"absent\"}",
            "  {\"key\":\"the\",\"status\":\"failed\",\"code\":\"CODE\",\"error\":\"text\"}",
            "",
            "Keys are written as in: text, true, -7, 1.5, 2025-01-31T12:00:00Z. Put -- before keys that begin with -.",
            "",
            "Exit status: 0 all found, 1 one failed, 2 wrong usage or a key not of its type,",
            "  3 none failed and one is absent."
        })
final class GetCommand implements Callable<Integer> {

    /** Enough to hide the way there and back; more would only wait in queues. */
    private static final int MAX_AT_ONCE = 256;

    private final Console console;

    @Mixin
    private final LoggingOptions logging = new LoggingOptions();

    @Mixin
    private final ProxyOptions proxies = new ProxyOptions();

    @Mixin
    private final StateOptions wanted = new StateOptions();

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Parameters(paramLabel = "KEY", arity = "1..*", description = "The keys.")
    private List<String> keys = List.of();

    GetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        logging.apply();
        GetReport report = new GetReport(console, json);
        try (QueryableStateClient client = proxies.connect(RequestStats.noop(), wanted)) {
            AskableState<?, ?> state;
            try {
                state = new StateFinder(client, wanted).find();
            } catch (QueryableStateException e) {
                report.allFailed(keys, e);
                return report.exitCode();
            }
            ask(client, state, report);
        }
        return report.exitCode();
    }

    private <K, V> void ask(QueryableStateClient client, AskableState<K, V> askable, GetReport report) {
        List<K> parsed = keys.stream().map(askable.keyType()::parse).toList();
        QueryableState<K, V> state = askable.of(client);
        Deque<CompletableFuture<Optional<V>>> open = new ArrayDeque<>();
        Iterator<K> unasked = parsed.iterator();
        for (String key : keys) {
            while (unasked.hasNext() && open.size() < MAX_AT_ONCE) {
                open.add(state.get(unasked.next()));
            }
            try {
                report.answered(key, open.remove().join());
            } catch (CompletionException e) {
                report.failed(key, Failures.typed(e));
            }
        }
    }
}
