package io.queryablestate.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ports that a server may take, tried in the order in which they were written: {@code "9067"},
 * {@code "50100-50200"}, {@code "50100-50200,51234"}. Port 0 stands for any free port.
 */
public final class PortRange {

    private static final int MAX_PORT = 65_535;

    private final String text;
    private final List<Span> spans;

    private PortRange(String text, List<Span> spans) {
        this.text = text;
        this.spans = spans;
    }

    /** Any free port. */
    public static PortRange anyFree() {
        return parse("0");
    }

    /**
     * Reads ports and ranges, separated by commas.
     *
     * @throws IllegalArgumentException if the text is not of that form, or a port is not 0 to 65535
     */
    public static PortRange parse(String text) {
        List<Span> spans = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            spans.add(Span.parse(part.strip(), text));
        }
        return new PortRange(text.strip(), List.copyOf(spans));
    }

    /** The ports in the order in which they are to be tried. */
    public IntStream ports() {
        return spans.stream().flatMapToInt(span -> IntStream.rangeClosed(span.first, span.last));
    }

    @Override
    public String toString() {
        return text;
    }

    private record Span(int first, int last) {

        static Span parse(String part, String whole) {
            int dash = part.indexOf('-');
            int first = port(dash < 0 ? part : part.substring(0, dash), whole);
            int last = dash < 0 ? first : port(part.substring(dash + 1), whole);
            if (last < first) {
                throw new IllegalArgumentException("the range \"" + part + "\" in \"" + whole + "\" runs backwards");
            }
            return new Span(first, last);
        }

        private static int port(String text, String whole) {
            int port;
            try {
                port = Integer.parseInt(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" in \"" + whole + "\" is not a port; ports are written 9067,9070-9080", e);
            }
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException("a port is 0 to " + MAX_PORT + ", got " + port);
            }
            return port;
        }
    }
}
