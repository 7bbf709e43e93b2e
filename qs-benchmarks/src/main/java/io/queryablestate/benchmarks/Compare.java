package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Compares reads with those of other programs; {@code compare.sh} starts it. */
final class Compare {

    private Compare() {}

    /**
     * Prints the result and writes it with its charts. Ends with 1 if a peer has failed at something, unless it is one
     * that need not be there, and with 2 if an argument is wrong.
     */
    public static void main(String[] args) throws InterruptedException {
        System.setProperty("java.awt.headless", "true");
        try {
            Results results = run(CompareOptions.parse(args));
            if (results.failures().stream().map(PeerFailure::peer).anyMatch(PeerName::isRequired)) {
                System.exit(1);
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println("compare: " + e.getMessage());
            System.exit(1);
        }
    }

    private static Results run(CompareOptions options) throws IOException, InterruptedException {
        Machine machine = Machine.now();
        try (Comparison comparison = new Comparison(options)) {
            Results results = comparison.run();
            // What is a part must not take the place of the whole.
            Path directory = options.complete() ? options.reports() : options.target();
            Files.createDirectories(directory);
            for (ComparisonChart chart : ComparisonChart.values()) {
                if (chart.isOf(results)) {
                    Charts.write(chart.draw(results), directory.resolve(chart.fileName()));
                }
            }
            String report = new Report(options, machine, LocalDate.now(ZoneOffset.UTC), results).markdown();
            Files.writeString(directory.resolve("comparison.md"), report);
            System.out.print(report);
            System.err.println("compare: written to " + directory.resolve("comparison.md"));
            return results;
        }
    }
}
