package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** F5: servers that answer with malformed bytes hang neither client nor proxy, and fool neither. */
final class MaliciousPeerGate implements Gate {

    private static final int QUICK = 1_000;
    private static final int FULL = 100_000;
    private static final int IN_FLIGHT = 8;
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    @Override
    public void run(GateRun run) throws Exception {
        int requests = run.times(QUICK, FULL);
        Random random = new Random(run.seed());
        try (FrameServer malicious =
                RudeServer.answering((request, connection) -> answer(random, request, connection))) {
            ServerAddress peer = new ServerAddress("127.0.0.1", malicious.port());
            ask(run, peer, requests / 2);
            try (LoneProxy proxy = LoneProxy.before(peer, new KvStateId(1, 1))) {
                ask(run, proxy.address(), requests - requests / 2);
            }
        }
        run.fault("malformed answer", requests);
        run.require(run.ledger().ok() == 0, run.ledger().ok() + " malformed answers were taken for values");
    }

    private static void ask(GateRun run, ServerAddress peer, int requests) throws InterruptedException {
        try (QueryableStateClient client = run.client(peer).maxAttempts(2).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            // A value whose checksum does not fit is what a caller sees who checks; it is not taken for right.
            reads.bytesAreChanged(true);
            reads.burst(requests, IN_FLIGHT);
        }
    }

    private static void answer(Random random, ByteBuf request, FrameSocket connection) throws IOException {
        byte[] answer;
        synchronized (random) {
            answer = malformed(random, Frames.requestId(request, 0));
        }
        connection.write(Unpooled.wrappedBuffer(answer));
    }

    private static byte[] malformed(Random random, long id) {
        List<byte[]> sound = List.of(
                RawPeer.bytes(out -> {
                    KvStateResultCodec.encodeHeader(out, 0, id, 12);
                    out.writeZero(12);
                }),
                RawPeer.bytes(out -> new Failure(ErrorCode.STATE_FAILED, "x").encode(out, id)),
                RawPeer.bytes(out -> new FlinkFailureEncoder("x")
                        .encodeRequestFailure(out, id, new Failure(ErrorCode.STATE_FAILED, "x"))),
                RawPeer.frame(Frames.VERSION_2, 1 + random.nextInt(20), id, new byte[random.nextInt(32)]),
                RawPeer.frame(Frames.VERSION_1, random.nextInt(5), id, new byte[random.nextInt(32)]));
        byte[] frame = sound.get(random.nextInt(sound.size())).clone();
        switch (random.nextInt(4)) {
            case 0 -> ByteBuffer.wrap(frame).putInt(0, random.nextInt());
            case 1 -> ByteBuffer.wrap(frame).putInt(frame.length - Integer.BYTES, random.nextInt());
            case 2 -> frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            default -> ByteBuffer.wrap(frame).putShort(Frames.TYPE_OFFSET, (short) MessageType.RESULT.number());
        }
        return frame;
    }
}
