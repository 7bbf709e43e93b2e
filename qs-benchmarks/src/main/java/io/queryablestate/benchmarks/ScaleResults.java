package io.queryablestate.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a run of {@link Scale} has measured, and what has failed. Used by one thread. */
final class ScaleResults {

    private final Map<ScaleSweep, SortedMap<Integer, List<Sample>>> samples = new EnumMap<>(ScaleSweep.class);
    private final List<String> failures = new ArrayList<>();
    private @Nullable ScaleMemory memory;

    void add(ScaleSweep sweep, int size, Sample sample) {
        samples.computeIfAbsent(sweep, none -> new TreeMap<>())
                .computeIfAbsent(size, none -> new ArrayList<>())
                .add(sample);
    }

    void fail(String what) {
        failures.add(what);
    }

    void memory(ScaleMemory measured) {
        memory = measured;
    }

    /** The medians of each size. */
    SortedMap<Integer, Sample> of(ScaleSweep sweep) {
        SortedMap<Integer, Sample> medians = new TreeMap<>();
        samples.getOrDefault(sweep, new TreeMap<>())
                .forEach((size, rounds) -> medians.put(size, Sample.median(rounds)));
        return medians;
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Null if it could not be measured. */
    @Nullable
    ScaleMemory memory() {
        return memory;
    }
}
