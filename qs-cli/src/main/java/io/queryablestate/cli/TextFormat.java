package io.queryablestate.cli;

import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Values on lines of text. A string is written as it is, but for characters that would end the line or cannot be seen:
 * {@code \n}, {@code \r}, {@code \t}, <code>&#92;u</code> with four hexadecimal digits, and {@code \\} for the backslash
 * itself; so a line that begins with one backslash and a letter such as {@code \absent} is never a value. Bytes are
 * hexadecimal digits. Lists, maps and tuples are JSON.
 */
final class TextFormat {

    static final String ABSENT = "\\absent";
    static final String FAILED = "\\failed ";

    private TextFormat() {}

    static String format(@Nullable Object value) {
        if (value instanceof String text) {
            return escape(text);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof Instant) {
            return value.toString();
        }
        return JsonFormat.format(value);
    }

    static String escape(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (isInvisible(c)) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.toString();
    }

    /** Control characters, and what some programs take for the end of a line. */
    static boolean isInvisible(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }
}
