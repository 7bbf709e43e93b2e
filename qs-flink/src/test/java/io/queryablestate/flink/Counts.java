package io.queryablestate.flink;

/** How much the tests do: little in each build, and the full numbers where {@code -Dqs.test.counts=full} says so. */
final class Counts {

    private Counts() {}

    static boolean full() {
        return "full".equals(System.getProperty("qs.test.counts"));
    }

    static int of(int few, int full) {
        return full() ? full : few;
    }
}
