package io.queryablestate.gates;

import io.queryablestate.embedded.Fault;
import io.queryablestate.embedded.Fault.Direction;
import io.queryablestate.embedded.Fault.Ending;
import io.queryablestate.gates.FaultMixGate.Kind;
import java.time.Duration;
import java.util.List;

/** What the network does. */
final class NetworkFaults {

    /** About one frame of a request and of an answer. */
    private static final int FRAME_BYTES = 150;

    private static final int SLOW_LINE_BYTES = 6_554;

    private NetworkFaults() {}

    static List<Kind> of(FaultRig rig) {
        return List.of(
                kind(rig, "refuse", number -> new Fault.Refuse()),
                kind(rig, "accept and stay silent", number -> new Fault.Silence()),
                kind(rig, "never accept", number -> new Fault.NeverAccept()),
                kind(rig, "reset mid-request", number -> cut(rig, Direction.REQUESTS, Ending.RESET)),
                kind(rig, "reset mid-response", number -> cut(rig, Direction.ANSWERS, Ending.RESET)),
                kind(rig, "half-close", number -> cut(rig, Direction.ANSWERS, Ending.HALF_CLOSE)),
                kind(
                        rig,
                        "cut at a byte of a frame",
                        number -> new Fault.Cut(
                                number % 4 < 2 ? Direction.REQUESTS : Direction.ANSWERS,
                                number % FRAME_BYTES,
                                Ending.CLOSE)),
                slow(rig, "one byte per 100 ms", new Fault.Throttle(1, Duration.ofMillis(100))),
                slow(rig, "64 KB/s", new Fault.Throttle(SLOW_LINE_BYTES, Duration.ofMillis(100))),
                slow(rig, "latency 50-500 ms", new Fault.Delay(Duration.ofMillis(50), Duration.ofMillis(500))),
                kind(rig, "split and merged", number -> new Fault.Chop()),
                new Kind("bit flip", number -> flip(rig, number)),
                kind(rig, "duplicated reply", number -> new Fault.Duplicate()),
                kind(rig, "reordered replies", number -> new Fault.Reorder()),
                kind(rig, "reply to unknown id", number -> new Fault.UnknownIds()),
                kind(rig, "stale reply after timeout", number -> new Fault.Late(FaultRig.TIMEOUT.multipliedBy(2))));
    }

    private static Kind kind(FaultRig rig, String name, java.util.function.IntFunction<Fault> fault) {
        return new Kind(name, number -> rig.network(name, number, fault.apply(number)));
    }

    private static Fault cut(FaultRig rig, Direction direction, Ending ending) {
        return new Fault.Cut(direction, 1 + rig.run.random().nextInt(FRAME_BYTES), ending);
    }

    /** Bytes that are delayed stay so: the connection is given up with the fault, as a user of it would. */
    private static Kind slow(FaultRig rig, String name, Fault fault) {
        return new Kind(name, number -> {
            long before = rig.clientSide.effects() + rig.serverSide.effects();
            (number % 2 == 0 ? rig.clientSide : rig.serverSide).inject(fault);
            FaultRig.whileLoaded();
            rig.clientSide.heal();
            rig.serverSide.heal();
            rig.clientSide.resetConnections();
            rig.serverSide.resetConnections();
            if (rig.clientSide.effects() + rig.serverSide.effects() > before) {
                rig.run.fault(name);
            }
            rig.awaitRecovery(name);
        });
    }

    /** What is changed on the way can show in any way; connections that have lost step are given up with the fault. */
    private static void flip(FaultRig rig, int number) throws Exception {
        rig.reads.bytesAreChanged(true);
        long before = rig.clientSide.effects() + rig.serverSide.effects();
        (number % 2 == 0 ? rig.clientSide : rig.serverSide)
                .inject(new Fault.FlipBits(number % 4 < 2 ? Direction.ANSWERS : Direction.REQUESTS));
        FaultRig.whileLoaded();
        rig.clientSide.heal();
        rig.serverSide.heal();
        rig.clientSide.resetConnections();
        rig.serverSide.resetConnections();
        if (rig.clientSide.effects() + rig.serverSide.effects() > before) {
            rig.run.fault("bit flip");
        }
        rig.awaitRecovery("bit flip");
        // Whatever was under way is over.
        rig.run.ledger().awaitAll(FaultRig.TIMEOUT);
        rig.reads.bytesAreChanged(false);
    }
}
