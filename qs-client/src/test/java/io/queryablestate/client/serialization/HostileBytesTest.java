package io.queryablestate.client.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no serializer wrote end in a mismatch or in a value that has these bytes, and cost little either way. */
class HostileBytesTest {

    private static final long SEED = 42;
    private static final int RANDOM_INPUTS = 10_000;
    private static final int MAX_RANDOM_BYTES = 64;

    /** For an input of at most 64 bytes, with an exception and its stack trace; each claims up to 2 GB. */
    private static final long MAX_ALLOCATION_BYTES = 64 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Serializer<?>> serializers() {
        return Stream.concat(
                FlinkCompatibilityTest.all().map(FlinkCompatibilityTest.Pair::ours),
                Stream.of(
                                "list<list<string>>",
                                "map<string,list<bytes>>",
                                "tuple3<bigdecimal,list<void>,map<byte,byte>>")
                        .map(Serializers::forTypeName));
    }

    static Stream<StateDescriptor<?>> descriptors() {
        return Stream.of(
                StateDescriptor.forCatalogue(StateKind.VALUE, "list<string>"),
                StateDescriptor.forCatalogue(StateKind.LIST, "string"),
                StateDescriptor.forCatalogue(StateKind.LIST, "tuple2<string,bytes>"),
                StateDescriptor.forCatalogue(StateKind.MAP, "map<string,long>"),
                StateDescriptor.forCatalogue(StateKind.MAP, "map<short,map<byte,bytes>>"),
                StateDescriptor.forCatalogue(StateKind.AGGREGATING, "tuple2<biginteger,instant>"));
    }

    /** At every byte of short values; of longer ones at the first 200 and then ever fewer. */
    @ParameterizedTest
    @MethodSource("io.queryablestate.client.serialization.FlinkCompatibilityTest#all")
    <T, F> void shouldRefuse_whenCutAnywhere(FlinkCompatibilityTest.Pair<T, F> pair) {
        for (T value : pair.values()) {
            byte[] bytes = Serializers.serialize(pair.ours(), value);
            for (int length = 0; length < bytes.length; length += length < 200 ? 1 : 1 + length / 8) {
                assertRefused(pair.ours(), Arrays.copyOf(bytes, length));
            }
            assertRefused(pair.ours(), Arrays.copyOf(bytes, bytes.length - 1));
        }
    }

    /** List and map state have no count: cut between two entries they are shorter, cut elsewhere they are refused. */
    @Test
    void shouldReadTheEntriesThatAreThere_whenListOrMapStateIsCut() {
        ListStateDescriptor<Integer> lists = StateDescriptor.list(Serializers.INT);
        byte[] list = lists.serialize(List.of(1, 2, 3));
        for (int length = 0; length < list.length; length++) {
            byte[] cut = Arrays.copyOf(list, length);
            Optional<List<Integer>> expected =
                    switch (length) {
                        case 0 -> Optional.of(List.of());
                        case 4 -> Optional.of(List.of(1));
                        case 9 -> Optional.of(List.of(1, 2));
                        default -> Optional.empty();
                    };
            assertThat(expectMismatchAtMost(() -> lists.deserialize(cut))).isEqualTo(expected);
        }
        MapStateDescriptor<Byte, Short> maps = StateDescriptor.map(Serializers.BYTE, Serializers.SHORT);
        byte[] map = maps.serialize(new TreeMap<>(Map.of((byte) 1, (short) 10, (byte) 2, (short) 20)));
        for (int length = 0; length < map.length; length++) {
            byte[] cut = Arrays.copyOf(map, length);
            Optional<Map<Byte, Short>> expected =
                    switch (length) {
                        case 0 -> Optional.of(Map.of());
                        case 4 -> Optional.of(Map.of((byte) 1, (short) 10));
                        default -> Optional.empty();
                    };
            assertThat(expectMismatchAtMost(() -> maps.deserialize(cut))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("io.queryablestate.client.serialization.FlinkCompatibilityTest#all")
    <T, F> void shouldRefuse_whenAByteFollows(FlinkCompatibilityTest.Pair<T, F> pair) {
        for (T value : pair.values()) {
            byte[] bytes = Serializers.serialize(pair.ours(), value);
            assertRefused(pair.ours(), Arrays.copyOf(bytes, bytes.length + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("serializers")
    <T> void shouldGiveAValueOrAMismatch_whenBytesAreRandom(Serializer<T> serializer) {
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] bytes = randomBytes(random);
            Optional<byte[]> rewritten = allocatingLittle(() -> readAndWrite(serializer, bytes));
            if (rewritten.isPresent() && keepsAllBits(serializer)) {
                assertThat(rewritten.get()).isEqualTo(bytes);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void shouldGiveAStateOrAMismatch_whenBytesAreRandom(StateDescriptor<?> descriptor) {
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] bytes = randomBytes(random);
            allocatingLittle(() -> expectMismatchAtMost(() -> descriptor.deserialize(bytes)));
        }
    }

    @Test
    void shouldGiveAKeyOrAMismatch_whenBytesAreRandom() {
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] bytes = randomBytes(random);
            expectMismatchAtMost(() -> KeyAndNamespace.deserialize(Serializers.STRING, Serializers.TIME_WINDOW, bytes));
        }
    }

    /** The largest length that each format can claim, with nothing behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "string ffffffff07",
                "bytes 7fffffff",
                "biginteger 7fffffff",
                "bigdecimal 7fffffff",
                "list<void> 7fffffff",
                "list<list<list<void>>> 000000017fffffff7fffffff",
                "map<byte,void> 7fffffff"
            })
    void shouldAllocateLittle_whenALengthIsALie(String typeNameAndHex) {
        String[] parts = typeNameAndHex.split(" ", 2);
        Serializer<?> serializer = Serializers.forTypeName(parts[0]);
        byte[] bytes = HexFormat.of().parseHex(parts[1]);
        assertThat(allocatingLittle(() -> readAndWrite(serializer, bytes))).isEmpty();
    }

    /** Random bytes rarely begin with a length that fits, so half of them are mostly small numbers. */
    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(MAX_RANDOM_BYTES + 1)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? bytes[i] & 7 : 0);
            }
        }
        return bytes;
    }

    private static <T> Optional<byte[]> readAndWrite(Serializer<T> serializer, byte[] bytes) {
        return expectMismatchAtMost(
                () -> Serializers.serialize(serializer, Serializers.deserialize(serializer, bytes)));
    }

    /** A second run decides when the first seems to cost too much: the JVM allocates when it links code. */
    private static <R> R allocatingLittle(Supplier<R> call) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        R result = call.get();
        if (THREADS.getCurrentThreadAllocatedBytes() - before >= MAX_ALLOCATION_BYTES) {
            before = THREADS.getCurrentThreadAllocatedBytes();
            result = call.get();
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_ALLOCATION_BYTES);
        }
        return result;
    }

    private static boolean keepsAllBits(Serializer<?> serializer) {
        return !serializer.typeName().contains("float")
                && !serializer.typeName().contains("double");
    }

    private static void assertRefused(Serializer<?> serializer, byte[] bytes) {
        assertThat(readAndWrite(serializer, bytes)).isEmpty();
    }

    private interface Read<R> {
        @Nullable
        R get();
    }

    private static <R> Optional<R> expectMismatchAtMost(Read<R> read) {
        try {
            return Optional.ofNullable(read.get());
        } catch (QueryableStateException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
            return Optional.empty();
        }
    }
}
