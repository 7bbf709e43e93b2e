package io.queryablestate.flink;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many records each job of this process has worked off. */
final class Progress {

    private static final ConcurrentMap<String, AtomicLong> RECORDS = new ConcurrentHashMap<>();

    private Progress() {}

    static AtomicLong of(String job) {
        return RECORDS.computeIfAbsent(job, first -> new AtomicLong());
    }

    static void awaitRecords(String job, long records) {
        await(job)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> of(job).get() >= records);
    }
}
