package io.queryablestate.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The jobs that a client knows by name, one object for each name, so that all who ask share its lookups. Bounded: a name
 * that has not been mentioned for long is looked up anew when it is mentioned again. Thread-safe.
 */
final class NamedJobs {

    static final int MAX_NAMES = 1_000;

    private final JobDirectory directory;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final Map<JobName, NamedJob> byName = new LinkedHashMap<>(16, 0.75f, true);

    NamedJobs(JobDirectory directory, Duration timeout, LongSupplier nanoTime) {
        this.directory = directory;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    synchronized NamedJob of(JobName name) {
        NamedJob job = byName.computeIfAbsent(name, missing -> new NamedJob(missing, directory, timeout, nanoTime));
        if (byName.size() > MAX_NAMES) {
            byName.remove(byName.keySet().iterator().next());
        }
        return job;
    }
}
