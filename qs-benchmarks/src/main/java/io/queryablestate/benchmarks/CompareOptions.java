package io.queryablestate.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a comparison is run.
 *
 * @param quick whether it is the short one, whose figures are for a first impression
 * @param report the file that gets the result
 * @param target where the class paths are and the logs go
 */
record CompareOptions(boolean quick, Path report, Path target) {

    private static final String USAGE = "usage: compare.sh [--quick]";

    /**
     * Reads a command line: the target directory and the report's file, which the script gives, then the user's.
     *
     * @throws IllegalArgumentException with the usage if there is something else
     */
    static CompareOptions parse(String... args) {
        if (args.length < 2) {
            throw new IllegalArgumentException(USAGE);
        }
        List<String> given = List.of(args).subList(2, args.length);
        if (!given.isEmpty() && !given.equals(List.of("--quick"))) {
            throw new IllegalArgumentException(USAGE + ", got " + String.join(" ", given));
        }
        return new CompareOptions(!given.isEmpty(), Path.of(args[1]), Path.of(args[0]));
    }

    /** How many rounds; each measures every peer once at every number of requests in flight. */
    int rounds() {
        return quick ? 5 : 7;
    }

    /** How long one peer is measured at a time. */
    Duration measurement() {
        return Duration.ofSeconds(quick ? 2 : 5);
    }

    /** How long each peer runs before the first round, shared among the numbers of requests in flight. */
    Duration warmUp() {
        return Duration.ofSeconds(quick ? 9 : 15);
    }

    /** How many requests are under way. */
    List<Integer> inFlight() {
        return List.of(1, 16, 256);
    }
}
