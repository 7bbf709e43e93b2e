package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** R7: one bad reply fails one request, and a reset is made good by a retry. */
final class BlastRadiusGate implements Gate {

    private static final int IN_FLIGHT = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @Override
    public void run(GateRun run) throws Exception {
        int rounds = run.times(10, 100);
        for (int i = 0; i < rounds; i++) {
            oneBadReply(run, i % BadReply.values().length);
            oneReset(run);
        }
    }

    /** Among 100 answers one cannot be decoded. */
    private static void oneBadReply(GateRun run, int kind) throws Exception {
        long failedBefore = run.ledger().typedErrors();
        List<ByteBuf> waiting = new ArrayList<>();
        try (FrameServer peer = RudeServer.answering((request, connection) -> {
                    waiting.add(request);
                    if (waiting.size() == IN_FLIGHT) {
                        BadReply.values()[kind].send(waiting.remove(0), connection);
                        for (ByteBuf good : waiting) {
                            value(good, connection);
                        }
                    }
                });
                QueryableStateClient client = run.client(new ServerAddress("127.0.0.1", peer.port()))
                        .maxAttempts(1)
                        .build()) {
            new Reads(run, client, TIMEOUT).burst(IN_FLIGHT, IN_FLIGHT);
        }
        run.fault("bad reply");
        long failed = run.ledger().typedErrors() - failedBefore;
        run.require(failed == 1, "one bad reply (" + BadReply.values()[kind] + ") failed " + failed + " requests");
    }

    /** The connection is reset once, with 100 requests under way. */
    private static void oneReset(GateRun run) throws Exception {
        long failedBefore = run.ledger().typedErrors();
        List<ByteBuf> waiting = new ArrayList<>();
        boolean[] done = new boolean[1];
        try (FrameServer peer = RudeServer.answering((request, connection) -> {
                    if (done[0]) {
                        value(request, connection);
                        return;
                    }
                    waiting.add(request);
                    if (waiting.size() == IN_FLIGHT) {
                        done[0] = true;
                        connection.reset();
                    }
                });
                QueryableStateClient client =
                        run.client(new ServerAddress("127.0.0.1", peer.port())).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            // The budget for retries is a share of the requests before: these earn it.
            reads.burst(1, 1);
            reads.burst(IN_FLIGHT - 1, IN_FLIGHT - 1);
        }
        run.fault("reset");
        run.figure("failed_by_a_reset", run.ledger().typedErrors() - failedBefore);
    }

    private static void value(ByteBuf request, FrameSocket connection) throws IOException {
        // The key is the last field but for the separator and the namespace.
        long key = request.getLong(request.writerIndex() - Long.BYTES - 2);
        byte[] value = Serializers.serialize(
                Serializers.BYTES, new GateValue(key, 0, System.nanoTime()).encode(ServerProcess.VALUE_BYTES));
        ByteBuf out = Unpooled.buffer();
        KvStateResultCodec.encodeHeader(out, 0, Frames.requestId(request, 0), value.length);
        connection.write(out.writeBytes(value));
    }

    /** Replies that no request can make sense of, in frames that are sound. */
    private enum BadReply {
        LENGTH_TOO_LARGE {
            @Override
            byte[] body() {
                return ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).array();
            }
        },
        JUNK_AFTER_VALUE {
            @Override
            byte[] body() {
                return ByteBuffer.allocate(12).putInt(4).array();
            }
        },
        VALUE_OF_ANOTHER_TYPE {
            @Override
            byte[] body() {
                return ByteBuffer.allocate(8).putInt(4).putInt(-1).array();
            }
        };

        abstract byte[] body();

        void send(ByteBuf request, FrameSocket connection) throws IOException {
            byte[] frame =
                    RawPeer.frame(Frames.VERSION_2, MessageType.RESULT.number(), Frames.requestId(request, 0), body());
            connection.write(Unpooled.wrappedBuffer(frame));
        }
    }
}
