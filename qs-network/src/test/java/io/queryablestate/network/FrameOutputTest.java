package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class FrameOutputTest {

    private static final int LARGE = FrameOutput.COPY_LIMIT + 1;

    private final TestChannel peer = new TestChannel();
    private final FrameOutput output =
            peer.add(context -> new CollectingHandler(context, 1024)).output();

    @Test
    void shouldWriteAndFlushOnce_whenManySmallFramesAreWrittenInOneTask() {
        for (int i = 0; i < 1_000; i++) {
            output.reserve(Integer.BYTES).writeInt(i);
        }
        assertThat(peer.spy.flushes).isZero();
        peer.channel.runPendingTasks();

        assertThat(peer.spy.flushes).isEqualTo(1);
        ByteBuf written = peer.written();
        for (int i = 0; i < 1_000; i++) {
            assertThat(written.readInt()).isEqualTo(i);
        }
        assertThat(written.isReadable()).isFalse();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldMakeOneWriteOfABatch_whenItsCapacityHasAdapted() {
        for (int round = 0; round < 20; round++) {
            peer.spy.writes = 0;
            for (int i = 0; i < 1_000; i++) {
                output.reserve(Integer.BYTES).writeInt(i);
            }
            peer.channel.runPendingTasks();
        }

        assertThat(peer.spy.writes).isEqualTo(1);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldNotWaitForTheEndOfTheBatch_whenMoreThanTheThresholdIsUnflushed() {
        for (int i = 0; i < 200; i++) {
            output.reserve(1_024).writeZero(1_024);
        }

        assertThat(peer.spy.flushes).isPositive();
        peer.channel.runPendingTasks();
        assertThat(peer.written().readableBytes()).isEqualTo(200 * 1_024);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldPassPayloadByReference_whenItIsAboveTheCopyLimit() {
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer().writeZero(LARGE);
        output.append(payload);
        assertThat(peer.budget.used()).isEqualTo(LARGE);
        peer.channel.runPendingTasks();

        assertThat(payload.refCnt()).isEqualTo(1);
        ByteBuf written = peer.channel.readOutbound();
        assertThat(written).isSameAs(payload);
        written.release();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldCopyPayload_whenItIsWithinTheCopyLimit() {
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer().writeZero(FrameOutput.COPY_LIMIT);
        output.append(payload);

        assertThat(payload.refCnt()).isZero();
        peer.channel.runPendingTasks();
        assertThat(peer.written().readableBytes()).isEqualTo(FrameOutput.COPY_LIMIT);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldKeepOrderAndChunk_whenALargePayloadStandsBetweenSmallFrames() {
        output.reserve(1).writeByte(1);
        byte[] large = new byte[1_000_000];
        large[0] = 2;
        large[large.length - 1] = 3;
        output.append(large);
        output.reserve(1).writeByte(4);
        peer.channel.runPendingTasks();

        assertThat(peer.spy.largestWrite).isEqualTo(64 * 1024);
        ByteBuf written = peer.written();
        assertThat(written.readableBytes()).isEqualTo(large.length + 2);
        assertThat(written.getByte(0)).isEqualTo((byte) 1);
        assertThat(written.getByte(1)).isEqualTo((byte) 2);
        assertThat(written.getByte(large.length)).isEqualTo((byte) 3);
        assertThat(written.getByte(large.length + 1)).isEqualTo((byte) 4);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldMakeOnePiece_whenAPayloadIsALittleLongerThanAChunk() {
        output.append(new byte[64 * 1024 + 4]);
        peer.channel.runPendingTasks();

        assertThat(peer.spy.largestWrite).isEqualTo(64 * 1024 + 4);
        assertThat(peer.written().readableBytes()).isEqualTo(64 * 1024 + 4);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldWriteLargePayloadsTogether_whenTheyAreMadeInOneReadBatch() {
        for (int i = 0; i < 5; i++) {
            output.reserve(8).writeLong(i);
            output.append(new byte[100_000]);
        }
        assertThat(peer.spy.flushes).isZero();
        assertThat(output.isFilled()).isTrue();
        peer.channel.runPendingTasks();

        // Another one, of nothing, comes with the news that the channel drains.
        assertThat(peer.spy.flushes).isLessThanOrEqualTo(2);
        assertThat(output.isFilled()).isFalse();
        assertThat(peer.written().readableBytes()).isEqualTo(5 * 100_008);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldHoldTheRest_whenTheChannelIsNotWritableAndGoOnWhenItIs() {
        peer.spy.hold();
        output.append(new byte[3_000_000]);
        peer.channel.runPendingTasks();

        assertThat(output.isCongested()).isTrue();
        assertThat(peer.spy.bytes).isBetween(512 * 1024L, 576 * 1024L);
        // The channel counts some bytes more for each buffer it holds.
        assertThat(output.pendingBytes()).isBetween(3_000_000L, 3_001_000L);
        assertThat(peer.budget.used()).isEqualTo(3_000_000);

        peer.letGo();
        assertThat(output.isCongested()).isFalse();
        assertThat(output.pendingBytes()).isZero();
        assertThat(peer.written().readableBytes()).isEqualTo(3_000_000);
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldReleaseEverything_whenClosedWithFramesWaiting() {
        peer.spy.hold();
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer().writeZero(1_000_000);
        output.append(payload);
        output.reserve(10).writeZero(10);
        peer.channel.close();

        assertThat(payload.refCnt()).isZero();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldClose_whenTheChannelHasNoMemoryForAPieceOfAPayload() {
        peer.spy.refuse(new OutOfMemoryError("no direct memory"));
        output.append(new byte[100_000]);
        output.reserve(4).writeInt(1);
        peer.channel.runPendingTasks();

        assertThat(peer.channel.isOpen()).isFalse();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldSwallowFrames_whenClosed() {
        peer.channel.close();
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer().writeZero(100_000);
        output.reserve(4).writeInt(1);
        output.append(payload);
        output.reserve(4).writeInt(1);
        peer.channel.runPendingTasks();

        assertThat(payload.refCnt()).isZero();
        assertThat(output.pendingBytes()).isZero();
        assertThat(peer.spy.writes).isZero();
        assertThat(peer.finishClean()).isTrue();
    }

    @Test
    void shouldKeepAllFramesWhole_whenDrainingMakesMoreOfThem() {
        // A flush that drains the channel tells handlers that it is writable again, and they write at once.
        Deque<Integer> more = new ArrayDeque<>();
        for (int i = 0; i < 300; i++) {
            more.add(i);
        }
        peer.channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                while (ctx.channel().isWritable() && !more.isEmpty()) {
                    writeFrame(more.remove());
                }
            }
        });
        while (!more.isEmpty()) {
            writeFrame(more.remove());
        }
        peer.channel.runPendingTasks();

        assertThat(peer.writtenFrames()).hasSize(300).allSatisfy(frame -> {
            assertThat(frame.readableBytes()).isEqualTo(8 + 4_000);
            assertThat(frame.getByte(8)).isEqualTo(frame.getByte(8 + 3_999));
        });
        assertThat(peer.finishClean()).isTrue();
    }

    private void writeFrame(int number) {
        byte[] payload = new byte[4_000];
        payload[0] = (byte) number;
        payload[payload.length - 1] = (byte) number;
        output.reserve(8).writeInt(4 + payload.length).writeInt(number);
        output.append(Unpooled.wrappedBuffer(payload));
    }
}
