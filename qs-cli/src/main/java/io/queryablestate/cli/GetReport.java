package io.queryablestate.cli;

import io.queryablestate.messages.QueryableStateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes one line for each key that was asked for, and remembers how it went. */
final class GetReport {

    private final Console console;
    private final boolean json;
    private boolean anyFailed;
    private boolean anyAbsent;

    GetReport(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    void answered(String key, Optional<?> value) {
        anyAbsent |= value.isEmpty();
        if (json) {
            Map<String, Object> line = line(key, value.isPresent() ? "found" : "absent");
            value.ifPresent(found -> line.put("value", found));
            console.out().println(JsonFormat.format(line));
        } else {
            console.out().println(value.isPresent() ? TextFormat.format(value.get()) : TextFormat.ABSENT);
        }
    }

    void failed(String key, QueryableStateException failure) {
        console.err().println(Failures.line(failure) + " (key " + TextFormat.escape(key) + ")");
        writeFailed(key, failure);
    }

    /** None of the keys could be asked for. */
    void allFailed(List<String> keys, QueryableStateException failure) {
        console.err().println(Failures.line(failure));
        keys.forEach(key -> writeFailed(key, failure));
    }

    private void writeFailed(String key, QueryableStateException failure) {
        anyFailed = true;
        if (json) {
            Map<String, Object> line = line(key, "failed");
            line.put("code", failure.code().name());
            line.put("error", failure.text());
            console.out().println(JsonFormat.format(line));
        } else {
            console.out().println(TextFormat.FAILED + failure.code());
        }
    }

    private static Map<String, Object> line(String key, String status) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("key", key);
        line.put("status", status);
        return line;
    }

    int exitCode() {
        return anyFailed ? ExitCode.FAILED : anyAbsent ? ExitCode.ABSENT : ExitCode.OK;
    }
}
