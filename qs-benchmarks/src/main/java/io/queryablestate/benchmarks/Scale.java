package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Measures what reads cost as there is more of something; {@code scale.sh} starts it. */
final class Scale {

    private Scale() {}

    /**
     * Prints the result and writes it with its charts. Arguments: the target directory, that of the reports, and {@code
     * --quick} for the short run. Ends with 1 if something has failed.
     */
    public static void main(String[] args) throws InterruptedException {
        System.setProperty("java.awt.headless", "true");
        List<String> options = List.of(args).subList(2, args.length);
        if (!options.isEmpty() && !options.equals(List.of("--quick"))) {
            System.err.println("usage: scale.sh [--quick]");
            System.exit(2);
        }
        Path target = Path.of(args[0]);
        Path directory = Path.of(args[1]);
        Machine machine = Machine.now();
        ScaleResults results = new ScaleRun(target, !options.isEmpty()).run();
        ScaleReport report = new ScaleReport(!options.isEmpty(), machine, LocalDate.now(ZoneOffset.UTC), results);
        try {
            Files.createDirectories(directory);
            for (ScaleSweep sweep : ScaleSweep.values()) {
                if (!results.of(sweep).isEmpty()) {
                    Charts.write(report.chart(sweep), directory.resolve(sweep.chartFile()));
                }
            }
            Files.writeString(directory.resolve("scale.md"), report.markdown());
        } catch (IOException e) {
            System.err.println("scale: " + e);
            System.exit(1);
        }
        System.out.print(report.markdown());
        System.exit(results.failures().isEmpty() ? 0 : 1);
    }
}
