package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.DateSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.runtime.NullableSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.state.JavaSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.windowing.windows.GlobalWindow;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.types.Either;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCheckTest {

    private static final int MUTATIONS = Integer.getInteger("qs.key.mutations", 2_000);
    /** Far more than a hundred bytes of key can need, and far less than a length that is not checked asks for. */
    private static final long MAX_ALLOCATED = 256 << 10;

    static Stream<Sample<?>> samples() {
        return Stream.of(
                new Sample<>(Types.BOOLEAN, true),
                new Sample<>(Types.BYTE, (byte) 7),
                new Sample<>(Types.SHORT, (short) -7),
                new Sample<>(Types.CHAR, '\u20ac'),
                new Sample<>(Types.INT, 7),
                new Sample<>(Types.LONG, -7L),
                new Sample<>(Types.FLOAT, 0.7f),
                new Sample<>(Types.DOUBLE, 0.7),
                new Sample<>(Types.STRING, "a key"),
                new Sample<>(Types.STRING, "\u20ac".repeat(200)),
                new Sample<>(Types.STRING, "x".repeat(16_384)),
                new Sample<>(Types.BIG_INT, BigInteger.TEN),
                new Sample<>(Types.BIG_INT, new BigInteger("-123456789012345678901234567890")),
                new Sample<>(Types.BIG_DEC, new BigDecimal("12345678901234567890.123")),
                new Sample<>(DateSerializer.INSTANCE, Timestamp.from(Instant.EPOCH)),
                new Sample<>(Types.SQL_DATE, new java.sql.Date(7)),
                new Sample<>(Types.SQL_TIME, new java.sql.Time(7)),
                new Sample<>(Types.SQL_TIMESTAMP, new Timestamp(7)),
                new Sample<>(Types.LOCAL_DATE, LocalDate.of(2024, 2, 29)),
                new Sample<>(Types.LOCAL_TIME, LocalTime.of(7, 8, 9, 10)),
                new Sample<>(Types.LOCAL_DATE_TIME, LocalDateTime.of(2024, 2, 29, 7, 8, 9, 10)),
                new Sample<>(Types.INSTANT, Instant.ofEpochSecond(7, 8)),
                new Sample<>(Types.ENUM(DayOfWeek.class), DayOfWeek.FRIDAY),
                new Sample<>(Types.TUPLE(Types.STRING, Types.LONG), Tuple2.of("a", 7L)),
                new Sample<>(
                        new TypeHint<Tuple2<Tuple2<String, Long>, String>>() {}.getTypeInfo(),
                        Tuple2.of(Tuple2.of("a", 7L), "b")),
                new Sample<>(Types.POJO(Address.class), Address.of("a street", 7, "x", "y")),
                new Sample<>(Types.POJO(Person.class), Person.of("a name", Address.of("a street", null))),
                new Sample<>(Types.ROW(Types.STRING, Types.LONG, Types.INT), Row.of("a", null, 7)),
                new Sample<>(Types.EITHER(Types.STRING, Types.LONG), Either.Left("a")),
                new Sample<>(Types.EITHER(Types.STRING, Types.LONG), Either.Right(7L)),
                new Sample<>(Types.LIST(Types.STRING), List.of("a", "b", "")),
                new Sample<>(Types.MAP(Types.STRING, Types.LONG), Map.of("a", 1L, "b", 2L)),
                new Sample<>(Types.OBJECT_ARRAY(Types.LONG), new Long[] {1L, null, 3L}),
                new Sample<>(PrimitiveArrayTypeInfo.INT_PRIMITIVE_ARRAY_TYPE_INFO, new int[] {1, 2, 3}),
                new Sample<>(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO, new byte[] {1, 2, 3}),
                new Sample<>(PrimitiveArrayTypeInfo.BOOLEAN_PRIMITIVE_ARRAY_TYPE_INFO, new boolean[] {true, false}),
                new Sample<>(PrimitiveArrayTypeInfo.DOUBLE_PRIMITIVE_ARRAY_TYPE_INFO, new double[] {1, 2}),
                new Sample<>(TypeInformation.of(String[].class), new String[] {"a", "b", null}),
                new Sample<>(
                        Types.TUPLE(Types.LIST(Types.TUPLE(Types.STRING, Types.LIST(Types.LONG))), Types.STRING),
                        Tuple2.of(List.of(Tuple2.of("a", List.of(1L, 2L)), Tuple2.of("b", List.of())), "c")),
                new Sample<>(
                        NullableSerializer.wrap(Types.LONG.createSerializer(new SerializerConfigImpl()), true), 7L),
                new Sample<>(new TimeWindow.Serializer(), new TimeWindow(0, 1_000)),
                new Sample<>(new GlobalWindow.Serializer(), GlobalWindow.get()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void shouldPassWhatTheSerializerWrites(Sample<T> sample) throws Exception {
        assertThatNoException().isThrownBy(() -> sample.check().check(sample.written()));
        assertThatNoException().as("as a namespace").isThrownBy(() -> KeyCheck.of(sample.serializer, sample.serializer)
                .check(KvStateSerializer.serializeKeyAndNamespace(
                        sample.valueOrNew(), sample.serializer, sample.valueOrNew(), sample.serializer)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void shouldRefuse_whenBytesAreMissingOrLeft(Sample<T> sample) throws Exception {
        byte[] written = sample.written();
        for (int length = Math.max(0, written.length - 300); length < written.length; length++) {
            byte[] cut = Arrays.copyOf(written, length);
            assertThatThrownBy(() -> sample.check().check(cut)).isInstanceOf(MalformedKeyException.class);
        }
        assertThatThrownBy(() -> sample.check().check(Arrays.copyOf(written, written.length + 1)))
                .isInstanceOf(MalformedKeyException.class)
                .hasMessage("something follows the namespace");
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void shouldLetOnlyBytesPassThatTakeLittleMemory_whenTheyAreChanged(Sample<T> sample) throws Exception {
        byte[] written = sample.written();
        KeyCheck check = sample.check();
        Random random = new Random(7);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int n = 0; n < Math.min(MUTATIONS, 4_000_000 / written.length); n++) {
            byte[] changed = written.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                changed[random.nextInt(Math.min(changed.length, 100))] =
                        (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
            }
            long before = memory.getCurrentThreadAllocatedBytes();
            try {
                check.check(changed);
                KvStateSerializer.deserializeKeyAndNamespace(
                        changed, sample.serializer, VoidNamespaceSerializer.INSTANCE);
            } catch (MalformedKeyException e) {
                // Nothing has been read.
            } catch (IOException | RuntimeException e) {
                assertThat(e.getMessage())
                        .as("lengths are right, so only values may be wrong")
                        .doesNotContain("Unconsumed", "magic");
            }
            assertThat(memory.getCurrentThreadAllocatedBytes() - before)
                    .as("%s", Arrays.toString(changed))
                    .isLessThan(MAX_ALLOCATED);
        }
    }

    @Test
    void shouldRefuseASubclassOnAnyLevel() throws Exception {
        TypeSerializer<Person> person = serializer(Types.POJO(Person.class));
        KeyCheck check = KeyCheck.of(person, VoidNamespaceSerializer.INSTANCE);
        Person outer = new SpecialPerson();
        outer.name = "a name";
        Person inner = Person.of("a name", new SpecialAddress());

        for (Person subclass : List.of(outer, inner)) {
            byte[] written = new Sample<>(person, subclass).written();
            assertThatThrownBy(() -> check.check(written))
                    .isInstanceOf(MalformedKeyException.class)
                    .hasMessageContaining("of the very class");
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 3, 4, 8, 10, 127, -1, -128})
    void shouldRefuseEveryMarkOfAPojoButTwo(byte mark) throws Exception {
        Sample<Address> sample = new Sample<>(Types.POJO(Address.class), Address.of("a street", 7));
        byte[] written = sample.written();
        written[0] = mark;

        assertThatThrownBy(() -> sample.check().check(written)).isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void shouldRefuseAStringThatAnnouncesMoreThanIsThere() throws Exception {
        KeyCheck check = new Sample<>(Types.STRING, "").check();

        for (byte[] bytes : List.of(
                new byte[] {-1, -1, -1, 127, 42, 0},
                new byte[] {-1, -1, -1, -1, 127, 42, 0},
                new byte[] {-1, -1, -1, -1, -1, -1, 1, 42, 0},
                new byte[] {-1},
                new byte[0])) {
            assertThatThrownBy(() -> check.check(bytes)).isInstanceOf(MalformedKeyException.class);
        }
    }

    @Test
    void shouldNameTheClass_whenASerializerCannotBeChecked() {
        assertUnchecked(Types.GENERIC(Thread.class), "KryoSerializer");
        assertUnchecked(Types.TUPLE(Types.STRING, Types.GENERIC(Thread.class)), "KryoSerializer");
        assertUnchecked(Types.LIST(Types.MAP(Types.STRING, Types.GENERIC(Thread.class))), "KryoSerializer");
        assertUnchecked(Types.POJO(WithGenericField.class), "KryoSerializer");
        assertThatThrownBy(() -> KeyCheck.of(serializer(Types.STRING), new JavaSerializer<>()))
                .isInstanceOf(UncheckedKeyException.class)
                .hasMessage(JavaSerializer.class.getName());
        assertThatThrownBy(() -> KeyLayouts.of(new WatchedSerializer<>(serializer(Types.STRING), bytes -> {})))
                .isInstanceOf(UncheckedKeyException.class)
                .hasMessage(WatchedSerializer.class.getName());
    }

    private static void assertUnchecked(TypeInformation<?> type, String name) {
        assertThatThrownBy(() -> KeyCheck.of(serializer(type), VoidNamespaceSerializer.INSTANCE))
                .isInstanceOf(UncheckedKeyException.class)
                .hasMessageContaining(name);
    }

    private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
        return type.createSerializer(new SerializerConfigImpl());
    }

    /** A serializer and a value, or null for the value that the serializer makes. */
    static final class Sample<T> {

        private final TypeSerializer<T> serializer;
        private final @Nullable T value;

        Sample(TypeInformation<T> type, @Nullable T value) {
            this(serializer(type), value);
        }

        Sample(TypeSerializer<T> serializer, @Nullable T value) {
            this.serializer = serializer;
            this.value = value;
        }

        KeyCheck check() throws UncheckedKeyException {
            return KeyCheck.of(serializer, VoidNamespaceSerializer.INSTANCE);
        }

        T valueOrNew() {
            return value == null ? serializer.createInstance() : value;
        }

        byte[] written() throws IOException {
            DataOutputSerializer out = new DataOutputSerializer(64);
            serializer.serialize(valueOrNew(), out);
            out.writeByte(42);
            VoidNamespaceSerializer.INSTANCE.serialize(VoidNamespace.INSTANCE, out);
            return out.getCopyOfBuffer();
        }

        @Override
        public String toString() {
            return serializer.getClass().getSimpleName();
        }
    }

    /** A POJO as Flink sees it. */
    public static class Address {
        public @Nullable String street;
        public @Nullable Integer number;
        public String @Nullable [] lines;

        static Address of(String street, @Nullable Integer number, String... lines) {
            Address address = new Address();
            address.street = street;
            address.number = number;
            address.lines = lines;
            return address;
        }
    }

    /** A POJO in a POJO. */
    public static class Person {
        public @Nullable String name;
        public @Nullable Address address;

        static Person of(String name, Address address) {
            Person person = new Person();
            person.name = name;
            person.address = address;
            return person;
        }
    }

    /** Not what the state's serializer is made for. */
    public static final class SpecialPerson extends Person {
        public int more;
    }

    /** Not what the state's serializer is made for. */
    public static final class SpecialAddress extends Address {
        public int more;
    }

    /** A POJO with a field that only Kryo can write. */
    public static final class WithGenericField {
        public @Nullable String name;
        public @Nullable Object anything;
    }
}
