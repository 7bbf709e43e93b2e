package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHandlerTest {

    private static final int LIMIT = 1024 * 1024;

    private final TestChannel peer = new TestChannel();
    private final CollectingHandler handler = peer.add(context -> new CollectingHandler(context, LIMIT));

    @Test
    void shouldDeliverFrame_whenBytesComeOneAtATime() {
        byte[] body = body(300);
        ByteBuf frame = frame(body);
        while (frame.isReadable()) {
            peer.channel.writeInbound(frame.readRetainedSlice(1));
        }
        frame.release();

        assertThat(handler.frames).containsExactly(body);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldDeliverBothInOrder_whenTwoFramesShareABuffer() {
        peer.read(frame(body(20)), frame(body(40)));

        assertThat(handler.frames).containsExactly(body(20), body(40));
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldDeliverAll_whenBufferEndsInsideTheNextLengthWord() {
        ByteBuf second = frame(body(9));
        peer.read(frame(body(8)), second.readRetainedSlice(3));
        peer.read(second);

        assertThat(handler.frames).containsExactly(body(8), body(9));
        assertThat(peer.finishClean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 4_095, 4_096, 16_384, 65_536, 100_000})
    void shouldDeliverFrame_whenItComesInPiecesOfAnySize(int piece) {
        byte[] body = body(300_000);
        ByteBuf frame = frame(body);
        while (frame.isReadable()) {
            peer.channel.writeInbound(copy(frame, Math.min(piece, frame.readableBytes())));
        }
        frame.release();
        peer.read(frame(body(12)));

        assertThat(handler.frames).containsExactly(body, body(12));
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldDeliverFrames_whenPiecesAreRandomlyReferencedAndCopied() {
        Random random = new Random(7);
        ByteBuf stream = Unpooled.buffer();
        for (int i = 0; i < 20; i++) {
            ByteBuf frame = frame(body(4 + i * 7_001));
            stream.writeBytes(frame);
            frame.release();
        }
        while (stream.isReadable()) {
            int bytes = Math.min(1 + random.nextInt(random.nextBoolean() ? 40_000 : 50), stream.readableBytes());
            ByteBuf piece = PooledByteBufAllocator.DEFAULT.buffer(random.nextBoolean() ? bytes : 65_536);
            peer.channel.writeInbound(piece.writeBytes(stream, bytes));
        }

        assertThat(handler.frames).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(handler.frames.get(i)).isEqualTo(body(4 + i * 7_001));
        }
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldBreakAtOnce_whenAnnouncedLengthExceedsTheLimit() {
        peer.read(Unpooled.buffer().writeInt(LIMIT + 1));

        assertThat(handler.broken).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
            assertThat(reason.text()).contains(String.valueOf(LIMIT + 1)).contains(String.valueOf(LIMIT));
        });
        assertThat(peer.finishClean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 3})
    void shouldBreak_whenLengthIsNegativeOrTooShort(int length) {
        peer.read(Unpooled.buffer().writeInt(length).writeLong(0));

        assertThat(handler.frames).isEmpty();
        assertThat(handler.broken).singleElement().extracting("code").isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldDeliverShortestAndLongest_whenLengthIsAtTheLimits() {
        peer.read(frame(body(4)), frame(body(LIMIT)));

        assertThat(handler.frames).containsExactly(body(4), body(LIMIT));
        assertThat(handler.broken).isEmpty();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldDeliverGoodFrameAndIgnoreTheRest_whenAnOversizedOneFollows() {
        peer.read(frame(body(10)), Unpooled.buffer().writeInt(Integer.MAX_VALUE), frame(body(10)));
        peer.read(frame(body(10)));

        assertThat(handler.frames).containsExactly(body(10));
        assertThat(handler.broken).hasSize(1);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldBreakOnce_whenOversizedLengthWordComesInPieces() {
        ByteBuf word = Unpooled.buffer().writeInt(LIMIT + 1).writeLong(1);
        while (word.isReadable()) {
            peer.channel.writeInbound(word.readRetainedSlice(1));
        }
        word.release();

        assertThat(handler.broken).hasSize(1);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldKeepOnlyWhatHasArrived_whenFrameAnnouncesTheLimit() {
        PartialFrame partial = new PartialFrame(PooledByteBufAllocator.DEFAULT, peer.budget, 0);
        partial.add(Unpooled.buffer().writeInt(LIMIT), Integer.BYTES);
        partial.expect(Integer.BYTES + LIMIT);
        partial.add(Unpooled.wrappedBuffer(new byte[36]), 36);
        assertThat(peer.budget.used()).isEqualTo(40);

        ByteBuf held = partial.take();
        assertThat(held.capacity()).isLessThanOrEqualTo(256);
        held.release();
        assertThat(peer.budget.used()).isZero();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldNotPinReadBuffers_whenPiecesAreSmallPartsOfThem() {
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(65_536);
        peer.channel.writeInbound(read.writeInt(LIMIT).writeBytes(new byte[5_000]));

        assertThat(read.refCnt()).isZero();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldReferenceReadBuffer_whenPieceFillsIt() {
        peer.read(Unpooled.buffer().writeInt(65_536));
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(65_536).writeBytes(new byte[60_000]);
        peer.channel.writeInbound(read);

        assertThat(read.refCnt()).isEqualTo(1);
        assertThat(peer.finishClean()).isTrue();
        assertThat(read.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 900, 5_000})
    void shouldDropOneFrameAndKeepItsHead_whenTheBuffersOfTheProcessAreFull(int before) {
        ByteBuf large = frame(body(10_000));
        byte[] head = new byte[Frames.BODY_OFFSET];
        large.getBytes(0, head);
        peer.read(large.readRetainedSlice(before));
        peer.budget.add(peer.budget.limit());
        peer.read(large.readRetainedSlice(5));
        assertThat(peer.budget.used()).isEqualTo(peer.budget.limit());
        peer.read(large.readRetainedSlice(100));
        peer.read(large, frame(body(40)));
        peer.budget.release(peer.budget.limit());

        assertThat(handler.dropped).containsExactly(head);
        assertThat(handler.frames).containsExactly(body(40));
        assertThat(handler.broken).isEmpty();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldKeepSmallFrames_whenTheBuffersOfTheProcessAreFull() {
        peer.budget.add(peer.budget.limit());
        ByteBuf frame = frame(body(4_000));
        peer.read(frame.readRetainedSlice(3_000));
        peer.read(frame);
        peer.budget.release(peer.budget.limit());

        assertThat(handler.frames).containsExactly(body(4_000));
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldHoldTheRest_whenPausedInTheMiddleOfABuffer() {
        handler.afterFrame = CollectingHandler::pause;
        peer.read(frame(body(4)), frame(body(5)), frame(body(6)));
        assertThat(handler.frames).hasSize(1);
        assertThat(peer.channel.config().isAutoRead()).isFalse();

        handler.resume();
        assertThat(handler.frames).hasSize(2);
        handler.afterFrame = paused -> {};
        handler.resume();

        assertThat(handler.frames).containsExactly(body(4), body(5), body(6));
        assertThat(peer.channel.config().isAutoRead()).isTrue();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldKeepOrder_whenReadsArriveWhilePaused() {
        handler.pause();
        peer.read(frame(body(4)));
        peer.read(frame(body(5)));
        assertThat(handler.frames).isEmpty();

        handler.resume();

        assertThat(handler.frames).containsExactly(body(4), body(5));
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldGoOnWithTheSameBuffer_whenResumedInsideAFrame() {
        handler.afterFrame = inside -> {
            inside.pause();
            inside.resume();
        };
        peer.read(frame(body(4)), frame(body(5)));

        assertThat(handler.frames).containsExactly(body(4), body(5));
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldReleaseWhatIsHeld_whenClosedWhilePaused() {
        handler.pause();
        ByteBuf held = frame(body(100));
        peer.channel.writeInbound(held);
        peer.channel.close();

        assertThat(held.refCnt()).isZero();
        assertThat(handler.frames).isEmpty();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldReleasePartialFrame_whenClosedInTheMiddleOfIt() {
        peer.read(Unpooled.buffer().writeInt(100_000).writeBytes(new byte[70_000]));
        assertThat(peer.budget.used()).isEqualTo(70_004);
        peer.channel.close();

        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldDeliverNoMore_whenRemovedInsideAFrame() {
        ByteBuf read = Unpooled.wrappedBuffer(frame(body(4)), frame(body(5)));
        handler.afterFrame = inside -> peer.channel.pipeline().remove(inside);
        peer.channel.writeInbound(read);

        assertThat(handler.frames).containsExactly(body(4));
        assertThat(read.refCnt()).isZero();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldReleaseBuffer_whenAFrameThrows() {
        ByteBuf read = Unpooled.wrappedBuffer(frame(body(4)), frame(body(5)));
        handler.afterFrame = inside -> {
            throw new IllegalStateException("expected");
        };
        assertThatThrownBy(() -> peer.channel.writeInbound(read)).hasMessage("expected");
        peer.channel.close();

        assertThat(read.refCnt()).isZero();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldCallFrameOverdue_onlyAfterTenSeconds() {
        peer.read(Unpooled.buffer().writeByte(0));
        peer.advance(Duration.ofSeconds(10));
        assertThat(handler.isOverdue()).isFalse();
        peer.advance(Duration.ofMillis(10));
        assertThat(handler.isOverdue()).isTrue();

        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldRefuseToGiveAnOutput_whenNotInAPipeline() {
        CollectingHandler outside = new CollectingHandler(peer.context, LIMIT);

        for (Runnable use : List.<Runnable>of(outside::output, outside::channelContext)) {
            assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
        }
        assertThat(peer.finishClean()).isTrue();
    }

    private static ByteBuf copy(ByteBuf from, int bytes) {
        return PooledByteBufAllocator.DEFAULT.buffer(bytes).writeBytes(from, bytes);
    }

    private static ByteBuf frame(byte[] body) {
        return PooledByteBufAllocator.DEFAULT
                .buffer(Integer.BYTES + body.length)
                .writeInt(body.length)
                .writeBytes(body);
    }

    private static byte[] body(int bytes) {
        byte[] body = new byte[bytes];
        new Random(bytes).nextBytes(body);
        return body;
    }
}
