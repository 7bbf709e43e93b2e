package io.queryablestate.client.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Values of each type: the extremes, what has broken serializers before, and random ones from a fixed seed. */
final class SampleValues {

    private static final long SEED = 20_260_101;
    private static final int RANDOM_VALUES = 200;

    private SampleValues() {}

    static List<@Nullable String> strings() {
        List<@Nullable String> values = with(
                SampleValues::randomString,
                "",
                "a",
                "\u0000",
                "\u007f\u0080",
                "\u3fff\u4000\uffff",
                "größer, 中文, عربى",
                "\ud83d\ude00 a pair",
                "\ud83d alone",
                "\ude00\ud83d reversed",
                "a".repeat(126),
                "a".repeat(127),
                "é".repeat(128),
                "中".repeat(1025),
                "a".repeat(1024) + "\uffff".repeat(1024),
                "x".repeat(16_382),
                "x".repeat(16_383),
                "\ud83d\ude00".repeat(60_000),
                "y".repeat(2_097_151));
        values.add(null);
        return values;
    }

    private static String randomString(Random random) {
        int bits = 1 + random.nextInt(16);
        return random.ints(random.nextInt(300), 0, 1 << bits)
                .collect(StringBuilder::new, (text, unit) -> text.append((char) unit), StringBuilder::append)
                .toString();
    }

    static List<Boolean> booleans() {
        return List.of(true, false);
    }

    static List<Byte> bytes() {
        return IntStream.rangeClosed(Byte.MIN_VALUE, Byte.MAX_VALUE)
                .mapToObj(i -> (byte) i)
                .toList();
    }

    static List<Short> shorts() {
        return with(random -> (short) random.nextInt(), Short.MIN_VALUE, (short) -1, (short) 0, Short.MAX_VALUE);
    }

    static List<Integer> ints() {
        return with(Random::nextInt, Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE);
    }

    static List<Long> longs() {
        return with(Random::nextLong, Long.MIN_VALUE, -1L, 0L, 1L, 1L << 32, Long.MAX_VALUE);
    }

    static List<Float> floats() {
        return with(
                random -> Float.intBitsToFloat(random.nextInt()),
                0f,
                -0f,
                Float.NaN,
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY);
    }

    static List<Double> doubles() {
        return with(
                random -> Double.longBitsToDouble(random.nextLong()),
                0d,
                -0d,
                Double.NaN,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY);
    }

    static List<@Nullable BigInteger> bigIntegers() {
        List<@Nullable BigInteger> values = with(
                random -> new BigInteger(random.nextInt(300), random)
                        .multiply(random.nextBoolean() ? BigInteger.ONE : BigInteger.ONE.negate()),
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.TWO,
                BigInteger.TEN,
                BigInteger.valueOf(0),
                BigInteger.valueOf(10),
                new BigInteger("0"),
                new BigInteger("1"),
                new BigInteger("10"),
                new BigInteger("-1"),
                BigInteger.valueOf(127),
                BigInteger.valueOf(128),
                BigInteger.valueOf(-128),
                BigInteger.valueOf(-129),
                BigInteger.ONE.shiftLeft(10_000));
        values.add(null);
        return values;
    }

    static List<@Nullable BigDecimal> bigDecimals() {
        List<@Nullable BigDecimal> values = with(
                random -> new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(100) - 50),
                BigDecimal.ZERO,
                BigDecimal.ONE,
                BigDecimal.TEN,
                new BigDecimal("0"),
                new BigDecimal("0.0"),
                new BigDecimal("10"),
                new BigDecimal("1.0"),
                new BigDecimal("1.00"),
                new BigDecimal("1E+10"),
                new BigDecimal(new BigInteger("10"), 3),
                new BigDecimal(BigInteger.ONE.shiftLeft(100), Integer.MIN_VALUE),
                new BigDecimal(BigInteger.TWO, Integer.MAX_VALUE));
        values.add(null);
        return values;
    }

    static List<@Nullable Instant> instants() {
        List<@Nullable Instant> values = with(
                random -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
                Instant.EPOCH,
                Instant.MIN,
                Instant.MAX,
                Instant.ofEpochSecond(-1, 999_999_999));
        values.add(null);
        return values;
    }

    static List<byte[]> byteArrays() {
        return with(
                random -> {
                    byte[] bytes = new byte[random.nextInt(300)];
                    random.nextBytes(bytes);
                    return bytes;
                },
                new byte[0],
                new byte[] {42},
                new byte[100_000]);
    }

    /** Lists of 0, 1 and several of {@code values}. */
    static <T> List<List<T>> lists(List<T> values) {
        List<List<T>> lists = new ArrayList<>();
        for (int size : new int[] {0, 1, 2, Math.min(values.size(), 50)}) {
            lists.add(new ArrayList<>(values.subList(0, size)));
        }
        return lists;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T> List<T> with(Function<Random, T> random, T... values) {
        List<T> all = new ArrayList<>(Arrays.asList(values));
        Random source = new Random(SEED);
        for (int i = 0; i < RANDOM_VALUES; i++) {
            all.add(random.apply(source));
        }
        return all;
    }
}
