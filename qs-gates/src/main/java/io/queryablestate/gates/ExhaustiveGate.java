package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.ExhaustiveCases.Case;
import io.queryablestate.gates.Requests.Request;
import io.queryablestate.gates.Requests.Taker;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * F2: every message that a server takes, cut at every byte, with every header bit flipped, with every length that lies, at
 * a live proxy and a live state server. Each is answered with a failure or ends the connection, as docs/protocol.md says;
 * and where the connection is kept, it is good for the next request. The same with every answer to a read, at a client.
 */
final class ExhaustiveGate implements Gate {

    private static final int MIN_CASES = 60;
    private static final int WELCOME_MILLIS = 5_000;
    /** So long is looked whether a server says something to what is no whole frame. */
    private static final int SILENCE_MILLIS = 5;

    private static final int INNOCENT_PER_SECOND = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** The request id by which the next request is known. */
    private static final long NEXT = 999;
    /** What can be taken may be answered after the next request. */
    private static final String NOTHING = "not answered yet";

    private final Map<String, Long> outcomes = new TreeMap<>();

    @Override
    public void run(GateRun run) throws Exception {
        try (Target target = new Target(run);
                QueryableStateClient client =
                        run.client(target.proxy()).maxAttempts(1).build()) {
            PacedLoad load = new PacedLoad(new Reads(run, client, TIMEOUT), INNOCENT_PER_SECOND);
            Map<Taker, ServerAddress> victims = new LinkedHashMap<>();
            victims.put(Taker.PROXY, target.proxy());
            victims.put(Taker.STATE_SERVER, target.server());
            int cases = 0;
            for (Map.Entry<Taker, ServerAddress> victim : victims.entrySet()) {
                for (Request request : Requests.all()) {
                    if (request.isTakenBy(victim.getKey())) {
                        for (Case wrong : ExhaustiveCases.of(request)) {
                            tryOne(run, wrong, victim.getValue());
                            cases++;
                        }
                    }
                }
            }
            load.close();
            run.ledger().awaitAll(TIMEOUT);
            run.require(run.ledger().typedErrors() == 0, run.ledger().typedErrors() + " requests of others failed");
            int answers = new ExhaustiveAnswers(run).run();
            run.fault("request with one thing wrong", cases);
            run.fault("answer with one thing wrong", answers);
            run.requireAtLeast("cases", cases + answers, MIN_CASES);
            outcomes.forEach(run::figure);
        }
    }

    private void tryOne(GateRun run, Case wrong, ServerAddress victim) throws IOException {
        try (RawPeer peer = new RawPeer(victim, 0, WELCOME_MILLIS)) {
            if (!wrong.of().isVersion1() && !wrong.of().name().equals("hello")) {
                peer.greet();
            }
            peer.send(wrong.frame());
            if (wrong.isIncomplete()) {
                peer.readWithin(SILENCE_MILLIS);
            } else {
                peer.send(next(wrong.of()));
            }
            peer.flush();
            String outcome = outcome(run, wrong, peer);
            outcomes.merge("cases " + outcome, 1L, Long::sum);
        } catch (SocketException e) {
            // Reset, while there was still something to send.
            outcomes.merge("cases closed", 1L, Long::sum);
        }
    }

    /** Reads until the next request is answered or the connection ends, and judges what the wrong one has got. */
    private static String outcome(GateRun run, Case wrong, RawPeer peer) throws IOException {
        String outcome = NOTHING;
        try {
            for (byte[] frame = peer.read(); frame != null; frame = peer.read()) {
                WireAnswer answer = WireAnswer.of(frame, secret -> run.miss("S6: " + wrong.name() + ": " + secret));
                if (answer.requestId() == NEXT) {
                    run.require(
                            !outcome.equals("passed over") || wrong.mayBeTaken(), wrong.name() + " was passed over");
                    return outcome + ", kept";
                }
                outcome = answer.outcome();
                run.require(answer.failure() != null || wrong.mayBeTaken(), wrong.name() + " was answered");
            }
            return outcome + ", closed";
        } catch (SocketTimeoutException e) {
            run.require(wrong.isIncomplete(), wrong.name() + ": neither answered nor closed");
            return "waited for";
        }
    }

    private static byte[] next(Request after) {
        if (!after.isVersion1()) {
            return RawPeer.bytes(out -> Frames.writeEmpty(out, MessageType.PING, NEXT));
        }
        byte[] again = after.frame().clone();
        ByteBuffer.wrap(again).putLong(Frames.REQUEST_ID_OFFSET, NEXT);
        return again;
    }
}
