package io.queryablestate.gates;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * S6: whatever is sent, no failure tells of the inside, none is longer than 256 bytes, and a peer that does nothing but
 * fail does not fill the log.
 */
final class ErrorTextGate implements Gate {

    private static final int QUICK = 5_000;
    private static final int FULL = 100_000;
    private static final int READ_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 25;
    private static final int BUDGET_MILLIS = 1_000;
    /** A frame that begins like one of version 2 is sent after a hello. */
    private static final byte VERSION_2_BEGINS = (byte) (Frames.VERSION_2 >> 24);

    private static final byte[] KEY = KeyAndNamespace.serialize(Serializers.LONG, 1L);
    /** State server, proxy and registry each warn once a second at most. */
    private static final int MAX_WARNINGS_PER_SECOND = 3;

    private static final Pattern WARNING = Pattern.compile("^(\\d\\d:\\d\\d:\\d\\d)\\.\\d+ (WARN|ERROR) ");

    private final Set<String> texts = new LinkedHashSet<>();
    private long failures;

    @Override
    public void run(GateRun run) throws Exception {
        int frames = run.times(QUICK, FULL);
        try (Target target = new Target(run)) {
            List<byte[]> telling = telling();
            for (int i = 0; i < frames; i++) {
                ServerAddress victim = i % 2 == 0 ? target.proxy() : target.server();
                boolean semantic = i % 4 < 2;
                provoke(run, victim, semantic ? telling.get(i / 4 % telling.size()) : Malformed.random(run.random()));
            }
        }
        run.fault("request that fails", frames);
        run.requireAtLeast("failures", failures, frames / 4);
        run.figure("texts", texts.size());
        run.requireAtMost(
                "longest_text_bytes",
                texts.stream()
                        .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .max()
                        .orElse(0),
                WireAnswer.MAX_TEXT_BYTES);
        checkLog(run);
    }

    /** Requests that are right and fail all the same: nobody knows the job, nobody the state, the backend is broken. */
    private static List<byte[]> telling() {
        List<byte[]> requests = new ArrayList<>(Requests.frames());
        for (String state : List.of(TargetProcess.BROKEN, "nobodys", "x".repeat(1_000), StampedState.NAME)) {
            byte[] name = state.getBytes(StandardCharsets.UTF_8);
            JobId job = state.equals(StampedState.NAME) ? new JobId(1, 1) : StampedState.JOB;
            requests.add(RawPeer.bytes(
                    out -> KvStateRequestCodec.encode(out, 1, BUDGET_MILLIS, job, name, Long.hashCode(1L), KEY)));
            requests.add(RawPeer.bytes(
                    out -> KvStateRequestCodec.encodeVersion1(out, 1, job, name, Long.hashCode(1L), KEY)));
        }
        return requests;
    }

    private void provoke(GateRun run, ServerAddress victim, byte[] frame) throws IOException {
        try (RawPeer peer = new RawPeer(victim, 0, READ_MILLIS)) {
            if (frame.length > Frames.VERSION_OFFSET && frame[Frames.VERSION_OFFSET] == VERSION_2_BEGINS) {
                peer.greet();
            }
            peer.readWithin(SILENCE_MILLIS);
            peer.send(frame);
            peer.flush();
            byte[] answer = peer.read();
            if (answer != null) {
                WireAnswer told = WireAnswer.of(answer, run::miss);
                if (told.failure() != null) {
                    failures++;
                    texts.add(told.failure().text());
                }
            }
        } catch (SocketTimeoutException | SocketException e) {
            // It waits for more, or has ended the connection without a word.
        }
    }

    private static void checkLog(GateRun run) throws IOException {
        Map<String, Integer> perSecond = new TreeMap<>();
        long errors = 0;
        for (String line : Files.readAllLines(Path.of(System.getProperty("gates.log") + ".child"))) {
            Matcher warning = WARNING.matcher(line);
            if (warning.find()) {
                perSecond.merge(warning.group(1), 1, Integer::sum);
                errors += warning.group(2).equals("ERROR") ? 1 : 0;
            }
        }
        run.requireAtMost("errors_logged", errors, 0);
        run.require(!perSecond.isEmpty(), "nothing was logged: this gate does not read the right log");
        run.requireAtMost(
                "warnings_in_a_second",
                perSecond.values().stream().mapToInt(Integer::intValue).max().orElse(0),
                MAX_WARNINGS_PER_SECOND);
    }
}
