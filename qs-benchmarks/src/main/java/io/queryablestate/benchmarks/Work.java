package io.queryablestate.benchmarks;

import java.util.List;

/**
 * What a client does for some time.
 *
 * @param hop the way of its requests
 * @param workload which keys it asks for, at random
 * @param inFlight how many requests are under way: always, or at most if there is a rate
 * @param keysPerRequest 1 for single reads
 * @param perSecond at which rate requests are made; 0 if each answer begins the next one
 */
record Work(Hop hop, Workload workload, int inFlight, int keysPerRequest, int perSecond) {

    /** Single reads, each answer beginning the next one. */
    static Work closedLoop(Hop hop, Workload workload, int inFlight) {
        return new Work(hop, workload, inFlight, 1, 0);
    }

    /** Single reads at a fixed rate, whatever becomes of the earlier ones. */
    static Work openLoop(Hop hop, Workload workload, int perSecond, int maxInFlight) {
        return new Work(hop, workload, maxInFlight, 1, perSecond);
    }

    /** Reads of several keys at once, each answer beginning the next one. */
    static Work batches(Hop hop, Workload workload, int inFlight, int keysPerRequest) {
        return new Work(hop, workload, inFlight, keysPerRequest, 0);
    }

    /** As one line; {@link #parse} reads it. */
    String line() {
        return String.join(
                " ",
                List.of(
                        hop.name(),
                        workload.toString(),
                        Integer.toString(inFlight),
                        Integer.toString(keysPerRequest),
                        Integer.toString(perSecond)));
    }

    static Work parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 5) {
            throw new IllegalArgumentException("expected 5 words, got \"" + line + "\"");
        }
        return new Work(
                Hop.valueOf(words[0]),
                Workload.parse(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]));
    }
}
