package io.queryablestate.client.serialization;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads type names: {@code type = name | name "<" type {"," type} ">"}, one character after another. */
final class TypeNames {

    private static final int MAX_DEPTH = 16;
    private static final String GENERIC_NAMES =
            "list<t>, map<k,v>, tuple2<a,b>, tuple3<a,b,c>, tuple4<a,b,c,d>, tuple5<a,b,c,d,e>";

    private static final Map<String, Serializer<?>> PLAIN = Stream.<Serializer<?>>of(
                    Serializers.STRING,
                    Serializers.BOOLEAN,
                    Serializers.BYTE,
                    Serializers.SHORT,
                    Serializers.INT,
                    Serializers.LONG,
                    Serializers.FLOAT,
                    Serializers.DOUBLE,
                    Serializers.BIG_INTEGER,
                    Serializers.BIG_DECIMAL,
                    Serializers.INSTANT,
                    Serializers.BYTES,
                    Serializers.VOID,
                    Serializers.VOID_NAMESPACE,
                    Serializers.TIME_WINDOW)
            .collect(Collectors.toMap(Serializer::typeName, Function.identity(), (a, b) -> a, TreeMap::new));

    private final String text;
    private int position;

    private TypeNames(String text) {
        this.text = text;
    }

    static Serializer<?> parse(String text) {
        TypeNames names = new TypeNames(text);
        Serializer<?> type = names.type(0);
        if (names.position < text.length()) {
            throw names.unreadable("the end expected");
        }
        return type;
    }

    private Serializer<?> type(int depth) {
        if (depth > MAX_DEPTH) {
            throw unreadable("types are nested more than " + MAX_DEPTH + " deep");
        }
        String name = name();
        if (!next('<')) {
            Serializer<?> plain = PLAIN.get(name);
            if (plain == null) {
                throw unknown(name);
            }
            return plain;
        }
        List<Serializer<?>> arguments = new ArrayList<>();
        do {
            arguments.add(type(depth + 1));
        } while (next(','));
        if (!next('>')) {
            throw unreadable("\",\" or \">\" expected");
        }
        return generic(name, arguments);
    }

    private Serializer<?> generic(String name, List<Serializer<?>> of) {
        return switch (name + "/" + of.size()) {
            case "list/1" -> Serializers.list(of.get(0));
            case "map/2" -> Serializers.map(of.get(0), of.get(1));
            case "tuple2/2" -> Serializers.tuple2(of.get(0), of.get(1));
            case "tuple3/3" -> Serializers.tuple3(of.get(0), of.get(1), of.get(2));
            case "tuple4/4" -> Serializers.tuple4(of.get(0), of.get(1), of.get(2), of.get(3));
            case "tuple5/5" -> Serializers.tuple5(of.get(0), of.get(1), of.get(2), of.get(3), of.get(4));
            default ->
                throw unknown(of.stream().map(Serializer::typeName).collect(Collectors.joining(",", name + "<", ">")));
        };
    }

    private String name() {
        skipSpaces();
        int start = position;
        while (position < text.length() && Character.isLetterOrDigit(text.charAt(position))) {
            position++;
        }
        String name = text.substring(start, position);
        skipSpaces();
        return name;
    }

    /** Steps over {@code expected} and the spaces after it, if it is next. */
    private boolean next(char expected) {
        if (position == text.length() || text.charAt(position) != expected) {
            return false;
        }
        position++;
        skipSpaces();
        return true;
    }

    private void skipSpaces() {
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
    }

    private IllegalArgumentException unreadable(String why) {
        return new IllegalArgumentException(
                "not a type name: \"" + text + "\", " + why + " at character " + position + "; known: " + known());
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("unknown type \"" + name + "\"; known: " + known());
    }

    private static String known() {
        return String.join(", ", PLAIN.keySet()) + ", " + GENERIC_NAMES;
    }
}
