package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.BufferBudget;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.ServerConnections;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.network.ServerSecurity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection of a state server, without a socket. */
class StateServerHandlerTest {

    private static final byte[] KEY = {1, 42, 0};

    private final BufferBudget buffers = new BufferBudget(256 * 1024 * 1024);
    private final CountingStats stats = new CountingStats();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EventLoopContext context = new EventLoopContext(channel.eventLoop(), buffers);
    private final KvStateRegistry registry = new KvStateRegistry(
            KvStateRegistryOptions.builder().nanoTime(context::nanoTime).build());
    private final HeapKvState heap = new HeapKvState();
    private KvStateId state;

    @BeforeEach
    void connect() {
        heap.put(KEY, new byte[] {7, 8});
        state = register(heap, ReadMode.inline());
        ServerOptions options = ServerOptions.builder().buffers(buffers).build();
        channel.pipeline()
                .addLast(new StateServerHandler(
                        new ServerConnections("test server", options, stats), context, registry));
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void disconnect() {
        channel.finishAndReleaseAll();
        registry.close();
        assertThat(stats.inFlight()).isZero();
        assertThat(stats.openConnections()).isZero();
        assertThat(buffers.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAnswerWithTheValue(int version) {
        assertThat(ask(version, 5, state, KEY)).containsExactly("5 VALUE 0708");
        assertThat(stats.requests()).isEqualTo(1);
        assertThat(stats.successes()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldTellThatTheStateIsUnknown(int version) {
        assertThat(ask(version, 5, new KvStateId(9, 9), KEY)).containsExactly("5 UNKNOWN_KV_STATE_ID");
        assertThat(stats.failures(ErrorCode.UNKNOWN_KV_STATE_ID)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldTellThatTheKeyIsAbsent(int version) {
        assertThat(ask(version, 5, state, new byte[] {2, 42, 0})).containsExactly("5 ABSENT");
        assertThat(stats.successes()).isEqualTo(1);
    }

    @Test
    void shouldAnswerAsIfThereWereNoState_whenThePeerMayNotReadIt() {
        ServerSecurity security =
                ServerSecurity.builder().access((who, job, name) -> false).build();
        ServerOptions options =
                ServerOptions.builder().buffers(buffers).security(security).build();
        EmbeddedChannel stranger = new EmbeddedChannel();
        EventLoopContext loop = new EventLoopContext(stranger.eventLoop(), buffers);
        stranger.pipeline()
                .addLast(new StateServerHandler(new ServerConnections("test server", options, stats), loop, registry));
        stranger.pipeline().fireChannelActive();
        KvStateId missing = new KvStateId(9, 9);

        stranger.writeInbound(Frame.hello());
        stranger.writeInbound(Frame.request(5, 1_000, state, 0, KEY), Frame.request(5, 1_000, missing, 0, KEY));
        stranger.runPendingTasks();
        ByteBuf answers = Unpooled.buffer();
        for (ByteBuf next = stranger.readOutbound(); next != null; next = stranger.readOutbound()) {
            answers.writeBytes(next);
            next.release();
        }
        answers.skipBytes(Integer.BYTES + answers.getInt(0));
        ByteBuf forbidden = answers.readSlice(Integer.BYTES + answers.getInt(answers.readerIndex()));
        ByteBuf unknown = answers.readSlice(Integer.BYTES + answers.getInt(answers.readerIndex()));

        assertThat(Failure.decode(forbidden, 0, forbidden.readableBytes()).code())
                .isEqualTo(ErrorCode.UNKNOWN_KV_STATE_ID);
        assertThat(forbidden.toString(StandardCharsets.UTF_8).replace(state.toString(), missing.toString()))
                .isEqualTo(unknown.toString(StandardCharsets.UTF_8));
        stranger.finishAndReleaseAll();
    }

    @Test
    void shouldTellThatTheKeyGroupIsWrong() {
        assertThat(send(Frame.hello(), Frame.request(5, 1_000, state, 64, KEY)))
                .containsExactly("0 WELCOME", "5 WRONG_KEY_GROUP");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldFailTheRequest_whenTheStateFails(int version) {
        KvState failing = (key, context) -> {
            throw new IllegalStateException("secret /path");
        };
        KvStateId broken = registry.register(
                        offer(failing, ReadMode.inline()).stateName("broken").build())
                .kvStateId();
        assertThat(ask(version, 5, broken, KEY)).containsExactly("5 STATE_FAILED");
        assertThat(ask(version, 6, state, KEY)).containsExactly("6 VALUE 0708");
    }

    @Test
    void shouldFailTheRequest_whenTheKeyDoesNotFitTheSerializer() {
        KvStateId typed = register(
                (key, context) -> {
                    throw new QueryableStateException(ErrorCode.SERIALIZER_MISMATCH, "not a key");
                },
                ReadMode.inline());
        assertThat(ask(2, 5, typed, KEY)).containsExactly("5 SERIALIZER_MISMATCH");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldFailTheRequest_whenTheRegistryIsClosed(int version) {
        registry.close();
        assertThat(ask(version, 5, state, KEY)).doesNotContain("5 VALUE 0708").hasSize(1);
        assertThat(stats.failures()).isEqualTo(1);
    }

    @Test
    void shouldRefuseOtherMessages_whichAreNoRequests() {
        assertThat(send(
                        Frame.hello(),
                        Frame.empty(MessageType.KV_STATE_REQUEST, 5),
                        Frame.empty(MessageType.PING, 6).setShort(Frames.TYPE_OFFSET, 999),
                        Frame.empty(MessageType.CATALOGUE_REQUEST, 7)))
                .containsExactly("0 WELCOME", "5 BAD_REQUEST", "6 BAD_REQUEST", "7 BAD_REQUEST");
        assertThat(stats.requests()).isZero();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void shouldRefuseVersion1Messages_whichAreNoRequests() {
        ByteBuf result = Unpooled.buffer();
        Frames.writeVersion1Header(result, Frames.V1_RESULT, 5, 0);
        assertThat(send(result)).containsExactly("5 BAD_REQUEST");
        assertThat(stats.requests()).isZero();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void shouldRefuseABodyThatItCannotDecode() {
        ByteBuf cut = Frame.request(5, state, new byte[0]);
        cut.writerIndex(cut.writerIndex() - 1).setInt(0, cut.readableBytes() - Integer.BYTES);
        assertThat(send(Frame.hello(), cut, Frame.request(6, state, KEY)))
                .containsExactly("0 WELCOME", "5 BAD_REQUEST", "6 VALUE 0708");
    }

    @Test
    void shouldSayWhyAndClose_whenThePipelineFails() {
        ask(1, 5, state, KEY);
        channel.pipeline().fireExceptionCaught(new IllegalStateException("secret /path"));
        channel.runPendingTasks();

        assertThat(written()).containsExactly("SERVER FAILURE STATE_FAILED");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void shouldReleaseWhatItReads() {
        List<ByteBuf> read = List.of(
                Frame.hello(),
                Frame.request(5, state, KEY),
                Frame.empty(MessageType.CATALOGUE_REQUEST, 7),
                Unpooled.copiedBuffer(new byte[] {0, 0, 0}),
                Unpooled.copiedBuffer(new byte[] {1, 0x51}));
        for (ByteBuf buffer : read) {
            channel.writeInbound(buffer);
        }
        channel.close();
        channel.runPendingTasks();

        assertThat(read).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    @Test
    void shouldSendALargeValueInChunks() {
        byte[] large = new byte[1_000_000];
        heap.put(KEY, large);
        channel.writeInbound(Frame.hello(), Frame.request(5, state, KEY));
        channel.runPendingTasks();

        int bytes = 0;
        int chunks = 0;
        for (ByteBuf chunk = channel.readOutbound(); chunk != null; chunk = channel.readOutbound()) {
            assertThat(chunk.readableBytes()).isLessThanOrEqualTo(64 * 1024);
            bytes += chunk.readableBytes();
            chunks++;
            chunk.release();
        }
        assertThat(bytes).isGreaterThan(large.length);
        assertThat(chunks).isGreaterThan(15);
    }

    @Test
    void shouldAnswer_whenTheOwnerHasRead() {
        ManualExecutor owner = new ManualExecutor();
        KvStateId owned = register(heap, ReadMode.owner(registry.newOwnerQueue(owner)));
        assertThat(send(Frame.hello(), Frame.request(5, owned, KEY))).containsExactly("0 WELCOME");
        assertThat(stats.inFlight()).isEqualTo(1);

        owner.runOne();
        channel.runPendingTasks();
        assertThat(written()).containsExactly("5 VALUE 0708");
    }

    @Test
    void shouldDropTheRead_whenTheAskerHasGone() {
        ManualExecutor owner = new ManualExecutor();
        List<byte[]> read = new ArrayList<>();
        KvState recording = (key, context) -> {
            read.add(key);
            return key;
        };
        KvStateId owned = register(recording, ReadMode.owner(registry.newOwnerQueue(owner)));
        send(Frame.hello(), Frame.request(5, owned, KEY), Frame.request(6, owned, KEY));
        channel.close();
        channel.runPendingTasks();
        assertThat(stats.abandoned()).isEqualTo(2);

        owner.runOne();
        assertThat(read).isEmpty();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    @Test
    void shouldNotTouchTheStateForWhatIsCancelled_alsoInBatches() {
        ManualExecutor owner = new ManualExecutor();
        List<byte[]> read = new ArrayList<>();
        KvState recording = (key, context) -> {
            read.add(key);
            return key;
        };
        KvStateId owned = register(recording, ReadMode.owner(registry.newOwnerQueue(owner)));
        byte[] other = {2, 42, 0};
        send(
                Frame.hello(),
                Frame.request(5, owned, KEY),
                Frame.batch(6, owned, List.of(7, 7), List.of(KEY, KEY)),
                Frame.request(7, owned, other),
                Frame.empty(MessageType.CANCEL, 5),
                Frame.empty(MessageType.CANCEL, 6));
        assertThat(stats.abandoned()).isEqualTo(2);
        assertThat(stats.inFlight()).isEqualTo(1);

        owner.runOne();
        channel.runPendingTasks();
        assertThat(written()).containsExactly("7 VALUE 022a00");
        assertThat(read).containsExactly(other);
    }

    @Test
    void shouldAnswerEachKeyOfABatchForItself() {
        byte[] missing = {2, 42, 0};
        assertThat(send(Frame.hello(), Frame.batch(5, state, List.of(7, 7, 64), List.of(KEY, missing, KEY))))
                .containsExactly("0 WELCOME", "5 BATCH 2 WRONG_KEY_GROUP 0=0708 1 ABSENT");
        assertThat(send(Frame.batch(6, new KvStateId(9, 9), List.of(7, 7), List.of(KEY, missing))))
                .containsExactly("6 BATCH 0 UNKNOWN_KV_STATE_ID 1 UNKNOWN_KV_STATE_ID");
        assertThat(stats.requests()).isEqualTo(2);
    }

    @Test
    void shouldSendLargeValuesOfABatchInFramesOfTheirOwn() {
        heap.put(KEY, new byte[20_000]);
        byte[] small = {3, 42, 0};
        heap.put(small, new byte[] {9});
        List<String> answers = send(Frame.hello(), Frame.batch(5, state, List.of(7, 7, 7), List.of(small, KEY, small)));
        assertThat(answers).hasSize(4);
        assertThat(answers.get(1)).isEqualTo("5 PART 0=09");
        assertThat(answers.get(2)).startsWith("5 PART 1=0000");
        assertThat(answers.get(3)).isEqualTo("5 BATCH 2=09");
    }

    @Test
    void shouldReadABatchAsOneQueuedRead_andAnswerWhatIsRead() {
        ManualExecutor owner = new ManualExecutor();
        KvStateId owned = register(heap, ReadMode.owner(registry.newOwnerQueue(owner)));
        send(Frame.hello(), Frame.batch(5, owned, List.of(7, 7), List.of(KEY, KEY)));
        assertThat(owner.waiting()).isEqualTo(1);
        assertThat(stats.inFlight()).isEqualTo(1);

        owner.runOne();
        channel.runPendingTasks();
        assertThat(written()).containsExactly("5 BATCH 0=0708 1=0708");
    }

    @Test
    void shouldSayThatTheLocationIsOutOfDate_whenTheStateHasASuccessor() {
        assertThat(ask(2, 5, state, KEY)).containsExactly("5 VALUE 0708");
        KvStateId successor = register(heap, ReadMode.inline());

        assertThat(ask(2, 6, state, KEY)).containsExactly("6 STALE VALUE 0708");
        assertThat(ask(2, 7, state, new byte[] {2, 42, 0})).containsExactly("7 STALE ABSENT");
        assertThat(send(Frame.batch(8, state, List.of(7, 7), List.of(KEY, KEY))))
                .containsExactly("8 STALE BATCH 0=0708 1=0708");
        assertThat(ask(2, 9, successor, KEY)).containsExactly("9 VALUE 0708");
    }

    @Test
    void shouldNotSayThatTheLocationIsOutOfDate_whenOtherKeyGroupsOrStatesAreRegistered() {
        registry.register(KvStateRegistration.builder()
                .jobId(TestRegistry.JOB)
                .stateName("counts")
                .keyGroups(128, new KeyGroupRange(64, 127))
                .state(heap, ReadMode.inline())
                .build());
        registry.register(KvStateRegistration.builder()
                .jobId(TestRegistry.JOB)
                .stateName("others")
                .keyGroups(128, new KeyGroupRange(0, 63))
                .state(heap, ReadMode.inline())
                .build());
        assertThat(ask(2, 5, state, KEY)).containsExactly("5 VALUE 0708");
    }

    private KvStateId register(KvState kvState, ReadMode mode) {
        return registry.register(offer(kvState, mode).build()).kvStateId();
    }

    /** Sends one request, after a hello if it is the first of version 2, and returns the answer to it. */
    private List<String> ask(int version, long id, KvStateId target, byte[] key) {
        if (version == 1) {
            return send(Frame.version1Request(id, target, key));
        }
        if (stats.requests() == 0) {
            send(Frame.hello());
        }
        return send(Frame.request(id, target, key));
    }

    private List<String> send(ByteBuf... frames) {
        channel.writeInbound((Object[]) frames);
        channel.runPendingTasks();
        return written();
    }

    private List<String> written() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.writeBytes(next);
            next.release();
        }
        List<String> frames = new ArrayList<>();
        while (all.isReadable()) {
            frames.add(Frame.describe(all.readSlice(Integer.BYTES + all.getInt(all.readerIndex()))));
        }
        return frames;
    }
}
