package io.queryablestate.gates;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What came of a run, and how it is written down. */
record GateResult(
        String id,
        Scale scale,
        long seed,
        long seconds,
        Ledger ledger,
        long doubleCompleted,
        Baseline.Delta delta,
        Map<String, Long> faults,
        Map<String, Object> figures,
        List<String> misses) {

    private static final double MEGABYTE = 1024.0 * 1024.0;

    boolean holds() {
        return misses.isEmpty();
    }

    /** One JSON object. */
    String toJson(String commit) {
        return "{\n" + field("gate", id)
                + field("holds", holds())
                + field("scale", scale.toString())
                + field("seconds", seconds)
                + field("issued", ledger.issued())
                + field("ok", ledger.ok())
                + field("typed_errors", ledger.typedErrors())
                + field("untyped_errors", ledger.untypedErrors())
                + field("pending", ledger.pending())
                + field("double_completed", doubleCompleted)
                + field("wrong_value", ledger.wrongValues())
                + field("corrupt_noticed", ledger.corruptAnswers())
                + field("latest_ms_after_deadline", ledger.latestMillis())
                + field("heap_mb_delta", megabytes(delta.heapBytes()))
                + field("direct_mb_delta", megabytes(delta.directBytes()))
                + field("threads_delta", delta.threads().size())
                + field("fds_delta", delta.descriptors())
                + field("bytebuf_active", delta.buffers())
                + "  \"faults_injected\": " + object(faults) + ",\n"
                + "  \"figures\": " + object(figures) + ",\n"
                + "  \"misses\": ["
                + misses.stream().map(GateResult::text).collect(Collectors.joining(", ")) + "],\n"
                + field("seed", seed)
                + "  \"commit\": " + text(commit) + "\n}\n";
    }

    private static double megabytes(long bytes) {
        return Math.round(bytes / MEGABYTE * 10) / 10.0;
    }

    private static String field(String name, Object value) {
        return "  " + text(name) + ": " + json(value) + ",\n";
    }

    private static String object(Map<String, ?> values) {
        return values.entrySet().stream()
                .map(entry -> text(entry.getKey()) + ": " + json(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String json(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : text(value.toString());
    }

    private static String text(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
