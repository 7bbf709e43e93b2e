package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.TargetProcess.Usage;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureDecoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * F4, F2, S2 and S6: malformed frames against a live proxy and a live state server. Each is answered in words or ends the
 * connection; the words tell no secrets; memory is as before; everybody else is served.
 */
final class MalformedGate implements Gate {

    private static final int QUICK = 10_000;
    private static final int FULL = 100_000;
    private static final int FRAMES_PER_CONNECTION = 10;
    private static final int WELCOME_MILLIS = 5_000;
    private static final int READ_MILLIS = 25;
    private static final double MAX_MB = 4;
    private static final int MAX_TEXT = 256;
    private static final int INNOCENT_PER_SECOND = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long OVERSIZE_CLOSE_MILLIS = 100;
    private static final Pattern SECRET = Pattern.compile(
            "at [\\w.$]+\\([\\w.]+:\\d+\\)|\\.java|(?:[a-z]+\\.){2,}[A-Z]\\w+|/[a-z]+/|\\d+\\.\\d+\\.\\d+\\.\\d+");
    /** The names that Flink's clients need in a failure of version 1. */
    private static final List<String> FLINKS = List.of("java.lang.", "org.apache.flink.queryablestate.");

    private final TreeMap<String, Long> outcomes = new TreeMap<>();

    @Override
    public void run(GateRun run) throws Exception {
        try (Target target = new Target(run);
                QueryableStateClient client =
                        run.client(target.proxy()).maxAttempts(1).build()) {
            PacedLoad load = new PacedLoad(new Reads(run, client, TIMEOUT), INNOCENT_PER_SECOND);
            List<byte[]> corpus = Malformed.corpus();
            int frames = run.times(QUICK, FULL);
            Usage before = target.usage();
            long start = System.nanoTime();
            int connections = 0;
            for (int sent = 0; sent < frames; connections++) {
                ServerAddress victim = connections % 2 == 0 ? target.proxy() : target.server();
                boolean greets = connections % 3 != 0;
                try (RawPeer peer = new RawPeer(victim, 0, WELCOME_MILLIS)) {
                    if (greets) {
                        peer.greet();
                    }
                    peer.readWithin(READ_MILLIS);
                    boolean open = true;
                    for (int i = 0; i < FRAMES_PER_CONNECTION && open && sent < frames; i++, sent++) {
                        byte[] frame = sent < corpus.size() ? corpus.get(sent) : Malformed.random(run.random());
                        open = send(run, peer, frame);
                    }
                }
            }
            load.close();
            run.fault("malformed frame", frames);
            run.figure("connections", connections);
            run.figure("seconds_sending", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            outcomes.forEach(run::figure);
            oversized(run, target);
            Usage after = target.usage();
            run.requireAtMost("heap_mb", Target.megabytes(after.heapBytes() - before.heapBytes()), MAX_MB);
            run.requireAtMost("direct_mb", Target.megabytes(after.directBytes() - before.directBytes()), MAX_MB * 2);
            run.require(run.ledger().typedErrors() == 0, run.ledger().typedErrors() + " requests of others failed");
        }
    }

    /** Sends a frame and reads what comes of it. False if that was the end of the connection. */
    private boolean send(GateRun run, RawPeer peer, byte[] frame) {
        try {
            peer.send(frame);
            peer.flush();
            for (byte[] answer = peer.read(); answer != null; answer = peer.read()) {
                count(judge(run, answer));
                if (isLastWord(answer)) {
                    count("closed");
                    return false;
                }
                if (frame.length > Integer.BYTES + Frames.BODY_OFFSET) {
                    return true;
                }
            }
            count("closed");
            return false;
        } catch (SocketTimeoutException e) {
            // It waits for the rest of the frame, for as long as a slow line may take: the connection is of no use now.
            count("waits for the rest");
            return false;
        } catch (SocketException e) {
            count("closed");
            return false;
        } catch (IOException e) {
            run.miss("an answer that is no frame: " + e.getMessage());
            return false;
        }
    }

    private static boolean isLastWord(byte[] answer) {
        ByteBuf frame = Unpooled.wrappedBuffer(answer);
        return frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_1
                ? frame.getInt(Frames.TYPE_OFFSET) == Frames.V1_SERVER_FAILURE
                : frame.getUnsignedShort(Frames.TYPE_OFFSET) == MessageType.FAILURE.number()
                        && Frames.requestId(frame, 0) == 0;
    }

    private static String judge(GateRun run, byte[] answer) {
        ByteBuf frame = Unpooled.wrappedBuffer(answer);
        if (frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_1) {
            if (frame.getInt(Frames.TYPE_OFFSET) == Frames.V1_RESULT) {
                return "answered";
            }
            boolean toRequest = frame.getInt(Frames.TYPE_OFFSET) == Frames.V1_REQUEST_FAILURE;
            int offset = toRequest ? Frames.BODY_OFFSET : Frames.REQUEST_ID_OFFSET;
            FlinkFailureDecoder.decode(frame, offset, answer.length)
                    .ifPresent(failure -> checkText(run, failure.text()));
            checkText(run, withoutFlinksNames(new String(answer, StandardCharsets.ISO_8859_1)));
            return toRequest ? "failure of version 1" : "last word of version 1";
        }
        int type = frame.getUnsignedShort(Frames.TYPE_OFFSET);
        if (type != MessageType.FAILURE.number()) {
            return "answered";
        }
        Failure failure = Failure.decode(frame, 0, answer.length);
        run.require(
                failure.text().getBytes(StandardCharsets.UTF_8).length <= MAX_TEXT,
                "a text of " + failure.text().length() + " characters");
        checkText(run, failure.text());
        return "failure " + failure.code();
    }

    private static String withoutFlinksNames(String text) {
        String rest = text;
        for (String name : FLINKS) {
            rest = rest.replace(name, "");
        }
        return rest.replace("java/lang/", "")
                .replace("java/util/", "")
                .replace("exceptions.", "")
                .replace("network.", "");
    }

    private static void checkText(GateRun run, String text) {
        run.require(!SECRET.matcher(text).find(), "S6: an error tells of the inside: " + text);
    }

    private void count(String outcome) {
        outcomes.merge("frames " + outcome, 1L, Long::sum);
    }

    /** S2: an oversized announcement ends the connection before its payload is there. */
    private static void oversized(GateRun run, Target target) throws IOException {
        long slowest = 0;
        for (ServerAddress victim : List.of(target.proxy(), target.server())) {
            try (RawPeer peer = new RawPeer(victim, 0, 5_000).greet()) {
                long start = System.nanoTime();
                peer.send(RawPeer.bytes(out -> out.writeInt(Integer.MAX_VALUE).writeZero(36)));
                peer.flush();
                peer.read();
                slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                run.require(peer.isEnded(2_000), "a connection that announced 2 GB is open");
            }
        }
        run.requireAtMost("oversize_refused_ms", slowest, OVERSIZE_CLOSE_MILLIS);
    }
}
