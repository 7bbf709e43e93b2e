package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Throwables that a real {@link ObjectOutputStream} wrote, and bytes that none would write. */
class ThrowableSkimmerTest {

    /** The worst case is a message of the longest length, as chars, as text and joined to the class name. */
    private static final long MAX_ALLOCATION = 400_000;

    @BeforeAll
    static void loadClasses() {
        skim(serialized(new RuntimeException("outer", new Loaded())));
        skim(Bytes.ofHex("aced 0005 73 72"));
    }

    @Test
    void shouldFindClassAndMessage_whenThereIsNoCause() {
        assertSkimmed(new IllegalStateException("a \0 é € 😀"), "java.lang.IllegalStateException", "a \0 é € 😀");
    }

    @Test
    void shouldFindNoMessage_whenThereIsNone() {
        assertSkimmed(new IllegalStateException(), "java.lang.IllegalStateException", null);
    }

    @Test
    void shouldFindTheOuterMessage_whenCausesAndSuppressedHangOn() {
        IOException root = new IOException("root");
        root.addSuppressed(new IllegalStateException("suppressed below", new RuntimeException("deeper")));
        RuntimeException outer = new RuntimeException("outer", new IllegalArgumentException("middle", root));
        outer.addSuppressed(root);

        assertSkimmed(outer, "java.lang.RuntimeException", "outer");
    }

    @Test
    void shouldFindTheMessage_whenItIsABackReferenceIntoTheCause() {
        IOException cause = new IOException("one text, two throwables");

        assertSkimmed(
                new RuntimeException(cause.getMessage(), cause), "java.lang.RuntimeException", cause.getMessage());
    }

    @Test
    void shouldFindTheMessage_whenCauseHoldsDataOfEveryKind() {
        assertSkimmed(new RuntimeException("outer", new Loaded()), "java.lang.RuntimeException", "outer");
    }

    @Test
    void shouldFindTheStart_whenTheMessageIsLongerThanAStringTag() {
        assertSkimmed(
                new RuntimeException("x".repeat(100_000)),
                "java.lang.RuntimeException",
                "x".repeat(ThrowableSkimmer.MAX_MESSAGE_BYTES));
    }

    @Test
    void shouldFindOnlyTheClass_whenTheCauseIsLargerThanTheBound() {
        Throwable cause = new IOException("y".repeat(ThrowableSkimmer.MAX_BYTES));

        assertSkimmed(new RuntimeException("outer", cause), "java.lang.RuntimeException", null);
    }

    @Test
    void shouldFindOnlyTheClass_whenCausesAreNestedDeeperThanTheBound() {
        Throwable cause = new IOException("root");
        for (int i = 0; i < 2 * ThrowableSkimmer.MAX_DEPTH; i++) {
            cause = new RuntimeException("level", cause);
            cause.setStackTrace(new StackTraceElement[0]);
        }

        assertSkimmed(cause, "java.lang.RuntimeException", null);
    }

    @Test
    void shouldFindNothing_whenTheObjectIsNoThrowable() {
        assertThat(skim(serialized(new HashMap<>(Map.of("a", "b"))))).isNull();
        assertThat(skim(serialized("text"))).isNull();
        assertThat(skim(serialized(new int[] {1, 2, 3}))).isNull();
        assertThat(skim(new byte[0])).isNull();
    }

    @Test
    void shouldEndTyped_whereverTheBytesAreCut() {
        byte[] bytes = serialized(new RuntimeException("outer", new Loaded()));

        for (int length = 0; length < bytes.length; length++) {
            SkimmedThrowable skimmed = skim(Arrays.copyOf(bytes, length));
            if (skimmed != null) {
                assertThat(skimmed.className()).isEqualTo("java.lang.RuntimeException");
                assertThat(skimmed.message()).matches(message -> message == null || "outer".startsWith(message));
            }
        }
    }

    @Test
    void shouldEndTypedAndAllocateLittle_whateverBytesAreChanged() {
        byte[] bytes = serialized(new RuntimeException("outer", new Loaded()));
        Random random = new Random(42);

        for (int at = 0; at < bytes.length; at++) {
            for (int value : new int[] {0, 0x70, 0x71, 0x73, 0x75, 0x7f, 0x80, 0xff, random.nextInt(256)}) {
                byte[] changed = bytes.clone();
                changed[at] = (byte) value;
                assertBounded(changed);
            }
        }
    }

    @Test
    void shouldEndTypedAndAllocateLittle_whenLengthsLie() {
        byte[] head = Arrays.copyOf(serialized(new RuntimeException("outer", new Loaded())), 400);
        for (int at = 4; at + 4 <= head.length; at++) {
            byte[] changed = head.clone();
            Bytes.buffer(changed).setInt(at, Integer.MAX_VALUE);
            assertBounded(changed);
            Bytes.buffer(changed).setInt(at, -1);
            assertBounded(changed);
        }
    }

    @Test
    void shouldEndTyped_whenArraysAreNestedWithoutEnd() {
        byte[] bytes = hostile(out -> {
            for (int i = 0; i < 100_000; i++) {
                out.writeBytes(Bytes.ofHex("75 71 007e0008 00000001"));
            }
        });

        assertBounded(bytes);
        assertThat(skim(bytes)).isEqualTo(new SkimmedThrowable("java.lang.RuntimeException", null));
    }

    @Test
    void shouldEndSoon_whenEveryByteIsAnotherObject() {
        byte[] bytes = hostile(out -> {
            out.writeBytes(Bytes.ofHex("75 71 007e0008 7fffffff"));
            for (int i = 0; i < 100_000; i++) {
                out.writeBytes(Bytes.ofHex("74 0000"));
            }
        });

        long start = System.nanoTime();
        assertBounded(bytes);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(skim(bytes)).isEqualTo(new SkimmedThrowable("java.lang.RuntimeException", null));
    }

    /** A RuntimeException in place of whose cause stands what the writer writes; handle 8 is a class of arrays. */
    private static byte[] hostile(Consumer<ByteBuf> cause) {
        byte[] failure = Bytes.written(out -> FlinkThrowable.RUNTIME_EXCEPTION.write(out, new byte[0]));
        int afterClasses = failure.length - 7;
        return Bytes.written(out -> {
            out.writeBytes(failure, 0, afterClasses);
            out.writeBytes(Bytes.ofHex("75 72 0002 5b4c 0000000000000000 02 0000 78 70 00000001"));
            cause.accept(out);
        });
    }

    private static void assertBounded(byte[] bytes) {
        ByteBuf in = Bytes.buffer(bytes);
        assertThat(Bytes.allocatedBy(() -> ThrowableSkimmer.skim(in, 0, bytes.length)))
                .isLessThan(MAX_ALLOCATION);
    }

    private static void assertSkimmed(Throwable thrown, String className, @Nullable String message) {
        assertThat(skim(serialized(thrown))).isEqualTo(new SkimmedThrowable(className, message));
    }

    /** From the middle of a buffer, so that offsets which forget the start are noticed. */
    private static @Nullable SkimmedThrowable skim(byte[] bytes) {
        ByteBuf in = Unpooled.buffer();
        in.writeLong(-1).writeBytes(bytes).writeLong(-1);
        return ThrowableSkimmer.skim(in, Long.BYTES, Long.BYTES + bytes.length);
    }

    private static byte[] serialized(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** A cause with a field of every kind that a stream can hold. */
    @SuppressWarnings({"UnusedVariable", "serial"})
    private static final class Loaded extends Exception {
        private static final long serialVersionUID = 1L;

        private final byte aByte = 1;
        private final char aChar = 'c';
        private final double aDouble = 2.5;
        private final float aFloat = 1.5f;
        private final int anInt = 7;
        private final long aLong = 8L;
        private final short aShort = 9;
        private final boolean aBoolean = true;
        private final long[] longs = {1, 2, 3};
        private final char[] chars = {'a'};
        private final boolean[] booleans = {true, false};
        private final Object[] objects = {"text", null, new int[][] {{1}, {2, 3}}, TimeUnit.SECONDS, String.class};
        private final TimeUnit sameUnit = TimeUnit.SECONDS;
        private final Map<String, Object> sorted = new TreeMap<>(Map.of("key", 1, "other", new Outside()));
        private final Object proxy = Proxy.newProxyInstance(
                Loaded.class.getClassLoader(), new Class<?>[] {Runnable.class, Comparable.class}, new Handler());
        private final String large = "z".repeat(100);
        private final byte[] block = new byte[100];

        Loaded() {
            super("loaded");
        }
    }

    private static final class Handler implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
            return null;
        }
    }

    /** Writes more than one block of its own data. */
    public static final class Outside implements Externalizable {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.write(new byte[700]);
            out.writeObject("inside");
            out.writeInt(1);
        }

        @Override
        public void readExternal(ObjectInput in) {}
    }
}
