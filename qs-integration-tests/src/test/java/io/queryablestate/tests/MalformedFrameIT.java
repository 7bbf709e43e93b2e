package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server says to bytes that are not right, and that it costs it nothing. */
class MalformedFrameIT {

    private static final int TWO_GIGABYTES = Integer.MAX_VALUE;
    private static final long ALLOCATION_LIMIT = 64 * 1024;
    private static final Duration TIME_LIMIT = Duration.ofMillis(100);

    private static EmbeddedCluster cluster;
    private static EmbeddedJob job;
    private static ServerAddress proxy;

    @BeforeAll
    static void start() throws Exception {
        cluster = EmbeddedCluster.builder().taskManagers(1).start();
        job = cluster.startJob("job", 1, 128);
        job.addState("state", Serializers.LONG, StateDescriptor.value(Serializers.LONG))
                .put(1L, 10L);
        proxy = cluster.proxyAddresses().get(0);
        // Classes are loaded and code is compiled before anything is measured.
        for (int i = 0; i < 200; i++) {
            exchange(frame(out -> out.writeInt(Frames.VERSION_1 + 1)), 1);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void shouldStillServe() throws Exception {
        try (QueryableStateClient client =
                QueryableStateClient.builder().proxy(proxy).build()) {
            assertThat(client.state(job.jobId(), "state", Serializers.LONG, StateDescriptor.value(Serializers.LONG))
                            .get(1L)
                            .get(5, TimeUnit.SECONDS))
                    .contains(10L);
        }
    }

    @Test
    void shouldSayFrameTooLargeAndClose_whenAFrameAnnouncesTwoGigabytes() throws Exception {
        assertCheap(() -> {
            Answer answer = exchange(bytes(out -> out.writeInt(TWO_GIGABYTES).writeZero(36)), 2);
            assertThat(answer.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
            assertThat(answer.closed()).isTrue();
        });
    }

    @Test
    void shouldSayBadRequestAndClose_whenAFrameAnnouncesANegativeLength() throws Exception {
        Answer answer = exchange(bytes(out -> out.writeInt(-1).writeZero(36)), 2);
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(answer.closed()).isTrue();
    }

    @Test
    void shouldFailTheRequestAndGoOn_whenAnInnerLengthIsTwoGigabytes() throws Exception {
        byte[] request = version1Request();
        byte[] lying = request.clone();
        // The length of the state name.
        Arrays.fill(lying, 36, 40, (byte) 0x7f);
        try (RawConnection connection = new RawConnection(proxy)) {
            assertCheap(() -> {
                connection.send(lying);
                assertThat(intAt(connection.readFrame().orElseThrow(), 4)).isEqualTo(Frames.V1_REQUEST_FAILURE);
            });
            connection.send(request);
            assertThat(intAt(connection.readFrame().orElseThrow(), 4)).isEqualTo(Frames.V1_RESULT);
        }
    }

    @Test
    void shouldFailTheRequestAndGoOn_whenABodyIsTruncated() throws Exception {
        byte[] request = version1Request();
        try (RawConnection connection = new RawConnection(proxy)) {
            byte[] truncated = Arrays.copyOf(request, request.length - 3);
            truncated[3] = (byte) (truncated[3] - 3);
            connection.send(truncated);
            assertThat(intAt(connection.readFrame().orElseThrow(), 4)).isEqualTo(Frames.V1_REQUEST_FAILURE);
            connection.send(request);
            assertThat(intAt(connection.readFrame().orElseThrow(), 4)).isEqualTo(Frames.V1_RESULT);
        }
    }

    @Test
    void shouldSayProtocolViolationAndClose_whenTheVersionIsWrong() throws Exception {
        assertCheap(() -> {
            Answer answer = exchange(frame(out -> out.writeInt(0x12345678).writeZero(20)), 2);
            assertThat(answer.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(answer.closed()).isTrue();
        });
    }

    @Test
    void shouldFailTheRequestAndGoOn_whenTheTypeIsUnknown() throws Exception {
        try (RawConnection connection = new RawConnection(proxy)) {
            connection.send(bytes(out -> Hello.anonymous().encode(out, 0)));
            assertThat(shortAt(connection.readFrame().orElseThrow(), 4)).isEqualTo(MessageType.WELCOME.number());
            connection.send(frame(out ->
                    out.writeInt(Frames.VERSION_2).writeShort(999).writeShort(0).writeLong(77)));
            byte[] failure = connection.readFrame().orElseThrow();
            assertThat(shortAt(failure, 4)).isEqualTo(MessageType.FAILURE.number());
            assertThat(failure[15]).isEqualTo((byte) 77);
            assertThat(shortAt(failure, 16)).isEqualTo(ErrorCode.BAD_REQUEST.number());
            connection.send(bytes(out -> Frames.writeEmpty(out, MessageType.PING, 78)));
            assertThat(shortAt(connection.readFrame().orElseThrow(), 4)).isEqualTo(MessageType.PONG.number());
        }
    }

    @Test
    void shouldClose_whenThePeerSpeaksHttp() throws Exception {
        Answer answer = exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 2);
        assertThat(answer.closed()).isTrue();
    }

    private static byte[] version1Request() {
        byte[] key = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        JobId jobId = job.jobId();
        return bytes(out -> KvStateRequestCodec.encodeVersion1(
                out, 5, jobId, "state".getBytes(StandardCharsets.UTF_8), Long.hashCode(1L), key));
    }

    /** Sends bytes and reads until the peer closes, at most {@code frames} frames. */
    private static Answer exchange(byte[] bytes, int frames) throws Exception {
        try (RawConnection connection = new RawConnection(proxy)) {
            connection.send(bytes);
            ErrorCode code = null;
            for (int i = 0; i < frames; i++) {
                Optional<byte[]> frame = connection.readFrame();
                if (frame.isEmpty()) {
                    return new Answer(code, true);
                }
                code = ErrorCode.ofNumber(shortAt(frame.get(), 16));
            }
            return new Answer(code, false);
        }
    }

    /**
     * Checks what the server's event loops allocate on the heap for one exchange, and how long it takes; the best of a
     * few, as others may run.
     */
    private static void assertCheap(ThrowingRunnable exchange) throws Exception {
        long best = Long.MAX_VALUE;
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = allocatedByEventLoops();
            long start = System.nanoTime();
            exchange.run();
            fastest = Math.min(fastest, System.nanoTime() - start);
            best = Math.min(best, allocatedByEventLoops() - before);
        }
        assertThat(best).isBetween(0L, ALLOCATION_LIMIT);
        assertThat(Duration.ofNanos(fastest)).isLessThan(TIME_LIMIT);
    }

    private static long allocatedByEventLoops() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("queryable-state-")) {
                allocated += Math.max(0, threads.getThreadAllocatedBytes(thread.getId()));
            }
        }
        return allocated;
    }

    private static byte[] frame(Consumer<ByteBuf> content) {
        byte[] body = bytes(content);
        return bytes(out -> out.writeInt(body.length).writeBytes(body));
    }

    private static byte[] bytes(Consumer<ByteBuf> content) {
        ByteBuf out = Unpooled.buffer();
        try {
            content.accept(out);
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }

    private static int intAt(byte[] frame, int offset) {
        return Unpooled.wrappedBuffer(frame).getInt(offset);
    }

    private static int shortAt(byte[] frame, int offset) {
        return Unpooled.wrappedBuffer(frame).getUnsignedShort(offset);
    }

    private record Answer(ErrorCode code, boolean closed) {}

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws Exception;
    }
}
