package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Compares reads through a proxy; {@code compare.sh} starts it. */
final class Compare {

    private Compare() {}

    /** Prints the result and writes it to a file. */
    public static void main(String[] args) throws InterruptedException {
        CompareOptions options;
        try {
            options = CompareOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Machine machine = Machine.now();
        try (Comparison comparison = new Comparison(options)) {
            String report = new Report(options, machine, LocalDate.now(ZoneOffset.UTC), comparison.run()).markdown();
            Files.createDirectories(options.report().toAbsolutePath().getParent());
            Files.writeString(options.report(), report);
            System.out.print(report);
        } catch (IOException e) {
            System.err.println("compare: " + e.getMessage());
            System.exit(1);
        }
    }
}
