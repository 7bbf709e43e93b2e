package io.queryablestate.flinkclient;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A value that Flink leaves to Kryo.
 *
 * @param name its name in the records of bytes
 * @param value the value
 */
record KryoSample(String name, Object value) {

    private enum Color {
        RED,
        GREEN
    }

    /** No POJO in Flink's sense: its fields are private and final. */
    private static final class Simple {
        private final String text;
        private final int number;
        private final long large;
        private final boolean flag;
        private final byte[] raw;
        private final Color color;

        Simple(String text, int number, long large, boolean flag, byte[] raw, Color color) {
            this.text = text;
            this.number = number;
            this.large = large;
            this.flag = flag;
            this.raw = raw;
            this.color = color;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Simple simple && simple.toString().equals(toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }

        @Override
        public String toString() {
            return text + number + large + flag + HexFormat.of().formatHex(raw) + color;
        }
    }

    private static final class Measured {
        private final double value;

        Measured(double value) {
            this.value = value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Measured measured && measured.value == value;
        }

        @Override
        public int hashCode() {
            return Double.hashCode(value);
        }
    }

    static Stream<KryoSample> all() {
        return Stream.of(
                new KryoSample(
                        "simple-fields",
                        new Simple("kitchen \u00e4", -7, 1_234_567_890_123L, true, new byte[] {1}, Color.GREEN)),
                new KryoSample("double-field", new Measured(21.5)),
                new KryoSample("array-list", new ArrayList<>(List.of("a", "bc"))),
                new KryoSample("hash-map", new HashMap<>(Map.of("a", 1L))),
                new KryoSample("tree-map", new TreeMap<>(Map.of("a", 1))),
                new KryoSample("uuid", new UUID(1, 2)),
                new KryoSample("bit-set", BitSet.valueOf(new long[] {5})));
    }

    /** The serializer that this version of Flink has for it. */
    FlinkSerializer<Object> serializer() {
        return (FlinkSerializer<Object>) FlinkTypes.ofDefaults().serializer(typeOf(value));
    }

    @SuppressWarnings("unchecked") // The class of an object is one of its classes.
    private static org.apache.flink.api.common.typeinfo.TypeInformation<Object> typeOf(Object value) {
        return Types.GENERIC((Class<Object>) value.getClass());
    }

    @Override
    public String toString() {
        return name;
    }

    /** Prints the records of the version that is on the class path. */
    public static void main(String[] args) throws IOException {
        for (KryoSample sample : all().toList()) {
            DataOutputSerializer out = new DataOutputSerializer(64);
            sample.serializer().serialize(sample.value(), out);
            System.out.println(sample.name() + " " + HexFormat.of().formatHex(out.getCopyOfBuffer()));
        }
    }
}
