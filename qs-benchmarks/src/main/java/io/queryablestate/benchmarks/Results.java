package io.queryablestate.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The samples of a comparison, by requests in flight and peer, and how quiet it was meanwhile. Used by one thread. */
final class Results {

    private final Map<Integer, Map<PeerName, List<Sample>>> samples = new TreeMap<>();

    private OptionalDouble shareOfOthers = OptionalDouble.empty();

    void add(int inFlight, PeerName peer, Sample sample) {
        samples.computeIfAbsent(inFlight, none -> new EnumMap<>(PeerName.class))
                .computeIfAbsent(peer, none -> new ArrayList<>())
                .add(sample);
    }

    void shareOfOthers(OptionalDouble share) {
        shareOfOthers = share;
    }

    /** Which part of the machine's processors other programs have used, from 0 to 1; empty if that is not known. */
    OptionalDouble shareOfOthers() {
        return shareOfOthers;
    }

    /** The samples of each peer, in the order of the report. */
    Map<PeerName, List<Sample>> at(int inFlight) {
        return samples.getOrDefault(inFlight, Map.of());
    }
}
