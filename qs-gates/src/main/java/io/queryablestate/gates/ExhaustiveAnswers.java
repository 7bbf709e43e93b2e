package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.ExhaustiveCases.Case;
import io.queryablestate.gates.Requests.Length;
import io.queryablestate.gates.Requests.Request;
import io.queryablestate.gates.Requests.Taker;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.messages.Welcome;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Every answer to a read, cut at every byte, with every header bit flipped, with every length that lies: the client that
 * gets it ends its request with an error, and takes no value from it.
 */
final class ExhaustiveAnswers {

    private static final Duration TIMEOUT = Duration.ofMillis(150);
    private static final int MAX_VALUE = 64 * 1024 * 1024;

    private final GateRun run;
    private volatile byte[] answer = {};
    private volatile boolean version1;

    ExhaustiveAnswers(GateRun run) {
        this.run = run;
    }

    /** Tries them all and says how many there were. */
    int run() throws IOException, InterruptedException {
        int cases = 0;
        try (FrameServer peer = new FrameServer(this::serve)) {
            for (Request sound : answers()) {
                version1 = sound.isVersion1();
                // A client remembers which version a server speaks.
                try (QueryableStateClient client = run.client(new ServerAddress("127.0.0.1", peer.port()))
                        .maxAttempts(1)
                        .build()) {
                    Reads reads = new Reads(run, client, TIMEOUT);
                    reads.bytesAreChanged(true);
                    for (Case wrong : ExhaustiveCases.of(sound)) {
                        tryOne(reads, wrong);
                        peer.resetConnections();
                        cases++;
                    }
                }
            }
        }
        return cases;
    }

    private void tryOne(Reads reads, Case wrong) {
        answer = wrong.frame();
        try {
            Optional<byte[]> value = reads.ask().join();
            run.require(
                    wrong.mayBeTaken(), wrong.name() + " was taken for " + value.map(bytes -> bytes.length + " bytes"));
        } catch (CompletionException e) {
            // As it should be; the ledger has seen its code.
        }
    }

    private void serve(FrameSocket connection) throws IOException {
        while (true) {
            ByteBuf request = connection.read();
            boolean hello = request.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_2
                    && request.getUnsignedShort(Frames.TYPE_OFFSET) == MessageType.HELLO.number();
            if (hello) {
                connection.write(version1 ? version1Only() : welcome(Frames.requestId(request, 0)));
            } else {
                connection.write(Unpooled.wrappedBuffer(to(Frames.requestId(request, 0))));
            }
        }
    }

    /** The answer to that request; a request id that was flipped stays wrong. */
    private byte[] to(long requestId) {
        byte[] frame = answer.clone();
        if (frame.length >= Frames.BODY_OFFSET) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            bytes.putLong(Frames.REQUEST_ID_OFFSET, bytes.getLong(Frames.REQUEST_ID_OFFSET) ^ requestId);
        }
        return frame;
    }

    private static ByteBuf welcome(long requestId) {
        ByteBuf out = Unpooled.buffer();
        new Welcome(2, "").encode(out, requestId);
        return out;
    }

    private static ByteBuf version1Only() {
        ByteBuf out = Unpooled.buffer();
        new FlinkFailureEncoder("x").encodeServerFailure(out, new Failure(ErrorCode.PROTOCOL_VIOLATION, "version"));
        return out;
    }

    /** Each kind of answer to a read, to request 0. */
    private static List<Request> answers() {
        byte[] value = new byte[32];
        Failure failure = new Failure(ErrorCode.STATE_FAILED, "it failed");
        return List.of(
                answer(
                        "result",
                        RawPeer.bytes(out -> {
                            KvStateResultCodec.encodeHeader(out, 0, 0, value.length);
                            out.writeBytes(value);
                        }),
                        true),
                answer("absence", RawPeer.bytes(out -> Frames.writeEmpty(out, MessageType.ABSENT, 0)), false),
                answer("failure", RawPeer.bytes(out -> failure.encode(out, 0)), false),
                answer(
                        "version 1 result",
                        RawPeer.bytes(out -> {
                            KvStateResultCodec.encodeVersion1Header(out, 0, value.length);
                            out.writeBytes(value);
                        }),
                        true),
                answer(
                        "version 1 failure",
                        RawPeer.bytes(out -> new FlinkFailureEncoder("x").encodeRequestFailure(out, 0, failure)),
                        false));
    }

    private static Request answer(String name, byte[] frame, boolean hasLength) {
        List<Length> lengths = hasLength
                ? List.of(Length.OF_FRAME, new Length(Frames.BODY_OFFSET, Integer.BYTES, MAX_VALUE))
                : List.of(Length.OF_FRAME);
        return new Request(name, Taker.BOTH, frame, lengths, frame.length);
    }
}
