package io.queryablestate.cli;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.network.CountingStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast a state answers. */
@Command(
        name = "bench",
        description = {
            "Asks for random keys, always as many at a time as --concurrency says (a closed loop: a slow answer delays the"
                    + " requests after it), and prints requests a second, response times and errors."
        },
        footer = {
            "",
            "Unless told otherwise, keys are the numbers 0 to 999 or, if they are strings, the words of the LICENSE file.",
            "A line of progress each second goes to the error output. The values of qs cluster --keys are checked.",
            "",
            "Exit status: 0 all answered, 1 a request failed or a value was wrong, 2 wrong usage."
        })
final class BenchCommand implements Callable<Integer> {

    private static final int DEFAULT_KEYS = 1_000;
    private static final Duration LATE = Duration.ofSeconds(1);

    private final Console console;

    @Mixin
    private final LoggingOptions logging = new LoggingOptions();

    @Mixin
    private final ProxyOptions proxies = new ProxyOptions();

    @Mixin
    private final StateOptions wanted = new StateOptions();

    @Option(
            names = "--concurrency",
            defaultValue = "32",
            paramLabel = "N",
            description = "Requests at a time (default: 32).")
    private int concurrency;

    @Option(names = "--seconds", defaultValue = "10", paramLabel = "S", description = "How long (default: 10).")
    private int seconds;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Ask for the keys 0 to N-1, if keys are long or int (default: " + DEFAULT_KEYS + ").")
    private @Nullable Integer keys;

    @Option(names = "--key", paramLabel = "KEY", description = "Ask for this key; may be repeated.")
    private List<String> singleKeys = List.of();

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Ask for the keys in a file, one a line, in UTF-8.")
    private @Nullable Path keyFile;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        logging.apply();
        check("--concurrency", concurrency);
        check("--seconds", seconds);
        check("--keys", keys == null ? 1 : keys);
        CountingStats stats = new CountingStats();
        try (QueryableStateClient client = proxies.connect(stats, wanted)) {
            return measure(client, new StateFinder(client, wanted).find(), stats);
        }
    }

    private <K, V> int measure(QueryableStateClient client, AskableState<K, V> state, CountingStats stats)
            throws IOException, InterruptedException {
        BenchRun<K, V> run = new BenchRun<>(state.of(client), keySource(state.keyType()), ValueCheck.of(state));
        ClosedLoop loop = new ClosedLoop(concurrency, run::ask);
        loop.start();
        for (int second = 1; second <= seconds; second++) {
            TimeUnit.SECONDS.sleep(1);
            console.err().println(run.progress(second));
        }
        boolean complete = true;
        try {
            loop.stop().get(proxies.timeout().plus(LATE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            complete = false;
            console.err().println("error: " + stats.inFlight() + " requests did not end by their deadline");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        BenchResult result = run.result();
        result.lines(stats.retries()).forEach(console.out()::println);
        return complete && result.isGood() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void check(String option, int value) {
        if (value < 1) {
            throw new UsageException(option + " is at least 1, got " + value);
        }
    }

    private <K> Supplier<K> keySource(KeyType<K> type) throws IOException {
        List<String> texts = new ArrayList<>(singleKeys);
        if (keyFile != null) {
            texts.addAll(Files.readAllLines(keyFile));
        }
        if (!texts.isEmpty()) {
            if (keys != null) {
                throw new UsageException("--keys is given together with --key or --key-file");
            }
            List<K> parsed = texts.stream().map(type::parse).toList();
            return () -> oneOf(parsed);
        }
        LongFunction<K> numbered = type.numbered();
        if (numbered == null) {
            return words(type);
        }
        int bound = keys == null ? DEFAULT_KEYS : keys;
        return () -> numbered.apply(ThreadLocalRandom.current().nextInt(bound));
    }

    /** For the state of {@code qs cluster}, so that it can be measured without naming keys. */
    private <K> Supplier<K> words(KeyType<K> type) throws IOException {
        if (keys != null || !type.serializer().equals(Serializers.STRING)) {
            throw new UsageException("keys of type " + type.serializer().typeName()
                    + " are not numbered: give some with --key or --key-file");
        }
        List<K> words = InputText.read(null).words().stream()
                .distinct()
                .map(type::parse)
                .toList();
        return () -> oneOf(words);
    }

    private static <K> K oneOf(List<K> some) {
        return some.get(ThreadLocalRandom.current().nextInt(some.size()));
    }
}
