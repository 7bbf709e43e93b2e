package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Watches that threads of ours end. Netty's own helpers, which all of a JVM shares, are not ours. */
final class ClusterThreads {

    private static final Set<String> OURS =
            Set.of("queryable-state", "embedded-location-registry", "qs-client", "qs-callback");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ClusterThreads() {}

    static Set<String> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> OURS.stream().anyMatch(name::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static void awaitNone() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(running()).isEmpty());
    }
}
