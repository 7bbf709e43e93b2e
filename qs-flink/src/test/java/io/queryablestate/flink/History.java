package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What a job of {@link VersionedJob} has written, and whether an answer about it is legal: of the key that was asked,
 * written before the lookup ended, not older than what was there when the lookup began, and after a failure not older than
 * the last completed checkpoint. An incarnation is one start of all tasks of the job. Thread-safe.
 */
final class History {

    private static final ConcurrentMap<String, History> HISTORIES = new ConcurrentHashMap<>();

    private final Map<String, KeyHistory> keys = new HashMap<>();
    private final Set<Integer> openedSubtasks = new HashSet<>();
    private String attempt = "";
    private int incarnation;

    static History of(String name) {
        return HISTORIES.computeIfAbsent(name, first -> new History());
    }

    /** A subtask of this attempt begins; whatever it had not saved is gone. Returns its incarnation. */
    synchronized int opened(String ofAttempt, int subtask) {
        if (!ofAttempt.equals(attempt) || openedSubtasks.contains(subtask)) {
            incarnation++;
            attempt = ofAttempt;
            openedSubtasks.clear();
            keys.values().forEach(key -> key.visible = null);
        }
        openedSubtasks.add(subtask);
        return incarnation;
    }

    /** To be called before the state is written. */
    synchronized void writing(VersionedValue value) {
        key(value.key()).written.merge(value.incarnation(), value.version(), Math::max);
    }

    /** To be called when the state is written. */
    synchronized void written(VersionedValue value) {
        if (value.incarnation() == incarnation) {
            key(value.key()).visible = value;
        }
    }

    /** A checkpoint with these versions of these keys is complete. */
    synchronized void saved(Map<String, Long> versions) {
        versions.forEach((key, version) -> key(key).saved = Math.max(key(key).saved, version));
    }

    /** To be called before a lookup. */
    synchronized Before before(String key) {
        KeyHistory history = key(key);
        return new Before(key, incarnation, history.visible, history.saved);
    }

    synchronized int incarnation() {
        return incarnation;
    }

    /**
     * Checks the answer to a lookup.
     *
     * @throws AssertionError if it is not legal
     */
    synchronized void check(Before before, Optional<String> answer) {
        @Nullable VersionedValue least = before.incarnation == incarnation ? before.visible : null;
        if (answer.isEmpty()) {
            assertThat(least).as("the answer is that %s is absent", before.key).isNull();
            assertThat(before.saved)
                    .as("the answer is that %s is absent", before.key)
                    .isZero();
            return;
        }
        VersionedValue value = VersionedValue.parse(answer.get());
        KeyHistory history = key(before.key);
        assertThat(value.key()).as("%s", value).isEqualTo(before.key);
        assertThat(value.version())
                .as("%s, which nobody has written", value)
                .isLessThanOrEqualTo(history.written.getOrDefault(value.incarnation(), 0L));
        assertThat(value.version()).as("%s, older than a checkpoint", value).isGreaterThanOrEqualTo(before.saved);
        if (least != null) {
            assertThat(value.version()).as("%s, older than %s", value, least).isGreaterThanOrEqualTo(least.version());
            assertThat(value.incarnation())
                    .as("%s, older than %s", value, least)
                    .isGreaterThanOrEqualTo(least.incarnation());
        }
        if (value.incarnation() == incarnation
                && (history.visible == null || history.visible.version() < value.version())) {
            // Seen before the writer could say so.
            history.visible = value;
        }
    }

    private KeyHistory key(String key) {
        return keys.computeIfAbsent(key, first -> new KeyHistory());
    }

    /** What a lookup may not fall behind. */
    record Before(String key, int incarnation, @Nullable VersionedValue visible, long saved) {}

    private static final class KeyHistory {
        private final Map<Integer, Long> written = new HashMap<>();
        private @Nullable VersionedValue visible;
        private long saved;
    }
}
