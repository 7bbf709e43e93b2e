package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.testsupport.FrameSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A state server on a socket. */
class KvStateServerTest {

    private static final byte[] KEY = {1, 42, 0};

    private final CountingStats stats = new CountingStats();
    private final KvStateRegistry registry =
            new KvStateRegistry(KvStateRegistryOptions.builder().build());
    private final KvStateServer server =
            new KvStateServer(ServerOptions.builder().build(), registry, stats);
    private final HeapKvState heap = new HeapKvState();

    @BeforeEach
    void start() throws Exception {
        heap.put(KEY, new byte[] {7, 8});
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        registry.close();
        assertThat(stats.inFlight()).isZero();
        assertThat(stats.openConnections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAnswer_howeverTheStateIsRead(int version) throws Exception {
        KvStateId inline = registerHeap("inline", ReadMode.inline());
        KvStateId pooled = registerHeap("pooled", ReadMode.pooled());
        KvStateId owned = registerHeap("owned", ReadMode.owner(registry.newOwnerQueue(Runnable::run)));
        try (FrameSocket client = connect(version)) {
            for (KvStateId state : new KvStateId[] {inline, pooled, owned}) {
                client.write(request(version, 5, state, KEY));
                assertThat(Frame.describe(client.read())).isEqualTo("5 VALUE 0708");
                client.write(request(version, 6, state, new byte[] {9}));
                assertThat(Frame.describe(client.read())).isEqualTo("6 ABSENT");
            }
            client.write(request(version, 7, new KvStateId(1, 1), KEY));
            assertThat(Frame.describe(client.read())).isEqualTo("7 UNKNOWN_KV_STATE_ID");
        }
        assertThat(stats.requests()).isEqualTo(7);
    }

    @Test
    void shouldEndARequestByItsDeadline_whenTheReadHangs() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        KvStateId hanging = register(
                (key, context) -> {
                    assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                    return key;
                },
                ReadMode.pooled());
        try (FrameSocket client = connect(2)) {
            client.write(Frame.request(5, 100, hanging, 7, KEY));
            assertThat(Frame.describe(client.read())).isEqualTo("5 DEADLINE_EXCEEDED");
            go.countDown();
            client.write(Frame.request(6, register(heap, ReadMode.inline()), KEY));
            assertThat(Frame.describe(client.read())).isEqualTo("6 VALUE 0708");
        }
    }

    @Test
    void shouldDropTheAnswer_whenTheAskerHasGone() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        KvStateId slow = register(
                (key, context) -> {
                    begun.countDown();
                    assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                    ended.countDown();
                    return new byte[100_000];
                },
                ReadMode.pooled());
        try (FrameSocket client = connect(2)) {
            client.write(Frame.request(5, slow, KEY));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        }
        await().until(() -> stats.abandoned() == 1);
        go.countDown();

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        try (FrameSocket client = connect(2)) {
            client.write(Frame.request(6, register(heap, ReadMode.inline()), KEY));
            assertThat(Frame.describe(client.read())).isEqualTo("6 VALUE 0708");
        }
    }

    @Test
    void shouldStop_whenAReadIsUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        KvStateId slow = register(
                (key, context) -> {
                    begun.countDown();
                    return key;
                },
                ReadMode.pooled());
        try (FrameSocket client = connect(2)) {
            client.write(Frame.request(5, slow, KEY));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            server.stop();
            boolean answered = false;
            while (!answered) {
                answered = Frame.describe(client.read()).startsWith("5 VALUE");
            }
        }
        assertThat(server.stop()).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldNotComplain_whenAReadEndsAfterTheServer() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.queryablestate.server");
        log.start();
        logger.addAppender(log);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        KvStateId slow = register(
                (key, context) -> {
                    begun.countDown();
                    assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                    return key;
                },
                ReadMode.pooled());
        FrameSocket client = connect(2);
        client.write(Frame.request(5, slow, KEY));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        client.close();
        server.close();
        go.countDown();
        registry.close();

        logger.detachAppender(log);
        assertThat(log.list).isEmpty();
    }

    private FrameSocket connect(int version) throws Exception {
        FrameSocket client = FrameSocket.connect(server.address().port());
        if (version == 2) {
            client.write(Frame.hello());
            client.read();
        }
        return client;
    }

    private static ByteBuf request(int version, long id, KvStateId state, byte[] key) {
        return version == 1 ? Frame.version1Request(id, state, key) : Frame.request(id, state, key);
    }

    private KvStateId registerHeap(String stateName, ReadMode mode) {
        return registry.register(offer(heap, mode).stateName(stateName).build()).kvStateId();
    }

    private KvStateId register(KvState kvState, ReadMode mode) {
        return registry.register(offer(kvState, mode).build()).kvStateId();
    }
}
