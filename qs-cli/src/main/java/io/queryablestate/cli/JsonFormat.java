package io.queryablestate.cli;

import io.queryablestate.client.serialization.TimeWindow;
import io.queryablestate.client.serialization.Tuple2;
import io.queryablestate.client.serialization.Tuple3;
import io.queryablestate.client.serialization.Tuple4;
import io.queryablestate.client.serialization.Tuple5;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON on one line. Numbers keep all their digits; NaN and the infinities, which JSON does not have, are
 * strings, and so are times and, as hexadecimal digits, bytes. Tuples are arrays. A map is an object if all its keys are
 * strings, numbers or booleans, and else an array of {@code [key, value]}.
 */
final class JsonFormat {

    private final StringBuilder json = new StringBuilder();

    private JsonFormat() {}

    static String format(@Nullable Object value) {
        JsonFormat format = new JsonFormat();
        format.write(value);
        return format.json.toString();
    }

    private void write(@Nullable Object value) {
        if (value == null) {
            json.append("null");
        } else if (value instanceof String text) {
            writeString(text);
        } else if (value instanceof Float || value instanceof Double) {
            writeFloating((Number) value);
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof byte[] bytes) {
            writeString(HexFormat.of().formatHex(bytes));
        } else if (value instanceof Collection<?> elements) {
            writeArray(elements, this::write);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map);
        } else if (value instanceof TimeWindow window) {
            json.append("{\"start\":").append(window.start());
            json.append(",\"end\":").append(window.end()).append('}');
        } else {
            writeTuple(value);
        }
    }

    private void writeTuple(Object value) {
        if (value instanceof Tuple2<?, ?> t) {
            write(Arrays.asList(t.f0(), t.f1()));
        } else if (value instanceof Tuple3<?, ?, ?> t) {
            write(Arrays.asList(t.f0(), t.f1(), t.f2()));
        } else if (value instanceof Tuple4<?, ?, ?, ?> t) {
            write(Arrays.asList(t.f0(), t.f1(), t.f2(), t.f3()));
        } else if (value instanceof Tuple5<?, ?, ?, ?, ?> t) {
            write(Arrays.asList(t.f0(), t.f1(), t.f2(), t.f3(), t.f4()));
        } else {
            writeString(value.toString());
        }
    }

    private void writeFloating(Number number) {
        if (Double.isFinite(number.doubleValue())) {
            json.append(number);
        } else {
            writeString(number.toString());
        }
    }

    private void writeMap(Map<?, ?> map) {
        boolean named = map.keySet().stream()
                .allMatch(key -> key instanceof String || key instanceof Number || key instanceof Boolean);
        if (named) {
            writeObject(map);
        } else {
            writeArray(map.entrySet(), entry -> write(Arrays.asList(entry.getKey(), entry.getValue())));
        }
    }

    private void writeObject(Map<?, ?> members) {
        json.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = members.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            writeString(String.valueOf(entry.getKey()));
            json.append(':');
            write(entry.getValue());
            json.append(entries.hasNext() ? "," : "");
        }
        json.append('}');
    }

    private <T> void writeArray(Collection<T> elements, Consumer<T> writer) {
        json.append('[');
        Iterator<T> iterator = elements.iterator();
        while (iterator.hasNext()) {
            writer.accept(iterator.next());
            json.append(iterator.hasNext() ? "," : "");
        }
        json.append(']');
    }

    private void writeString(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (TextFormat.isInvisible(c) || (Character.isSurrogate(c) && !isInPair(text, i))) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** Half of a surrogate pair alone cannot be written as UTF-8. */
    private static boolean isInPair(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
