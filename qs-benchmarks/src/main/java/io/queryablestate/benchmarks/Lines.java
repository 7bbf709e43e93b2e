package io.queryablestate.benchmarks;

import java.util.stream.Stream;

/** The lines that processes of the harness exchange. */
final class Lines {

    private Lines() {}

    /**
     * Reads numbers with a space between.
     *
     * @throws IllegalArgumentException unless there are {@code count}
     */
    static long[] longs(String line, int count) {
        long[] numbers =
                Stream.of(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        if (numbers.length != count) {
            throw new IllegalArgumentException("expected " + count + " numbers, got \"" + line + "\"");
        }
        return numbers;
    }
}
