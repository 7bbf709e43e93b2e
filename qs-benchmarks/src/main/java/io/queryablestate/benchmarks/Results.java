package io.queryablestate.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The samples of a comparison, who has failed, and how quiet it was meanwhile. Used by one thread. */
final class Results {

    private final Map<Row, Map<PeerName, List<Sample>>> samples = new EnumMap<>(Row.class);
    private final List<PeerFailure> failures = new ArrayList<>();

    private OptionalDouble shareOfOthers = OptionalDouble.empty();

    void add(Row row, PeerName peer, Sample sample) {
        samples.computeIfAbsent(row, none -> new EnumMap<>(PeerName.class))
                .computeIfAbsent(peer, none -> new ArrayList<>())
                .add(sample);
    }

    void add(PeerFailure failure) {
        failures.add(failure);
    }

    void shareOfOthers(OptionalDouble share) {
        shareOfOthers = share;
    }

    /** Which part of the machine's processors other programs have used, from 0 to 1; empty if that is not known. */
    OptionalDouble shareOfOthers() {
        return shareOfOthers;
    }

    /** In the order in which they came. */
    List<PeerFailure> failures() {
        return Collections.unmodifiableList(failures);
    }

    /** The samples of each peer, in the order of the report. */
    Map<PeerName, List<Sample>> of(Row row) {
        return samples.getOrDefault(row, Map.of());
    }

    /** The medians of a peer; empty if it was not measured. */
    Optional<Sample> median(Row row, PeerName peer) {
        List<Sample> measured = of(row).getOrDefault(peer, List.of());
        return measured.isEmpty() ? Optional.empty() : Optional.of(Sample.median(measured));
    }
}
