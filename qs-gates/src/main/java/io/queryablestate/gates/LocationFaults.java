package io.queryablestate.gates;

import io.queryablestate.gates.FaultMixGate.Kind;
import io.queryablestate.messages.KvStatePlacement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** What happens to servers, and to whoever knows where they are. */
final class LocationFaults {

    private LocationFaults() {}

    static List<Kind> of(FaultRig rig) {
        return List.of(
                oracle(
                        rig,
                        "location service down",
                        () -> rig.proxy.oracle(
                                (job, name) -> CompletableFuture.failedFuture(new IllegalStateException("down")))),
                oracle(rig, "location service slow", () -> rig.proxy.slowOracle(Duration.ofMillis(100))),
                oracle(
                        rig,
                        "location service never answers",
                        () -> rig.proxy.oracle((job, name) -> new CompletableFuture<>())),
                oracle(
                        rig,
                        "location service throws",
                        () -> rig.proxy.oracle((job, name) -> {
                            throw new IllegalStateException("thrown by the oracle");
                        })),
                new Kind("restart on the same port", number -> {
                    rig.restart("127.0.0.1", rig.serverAddress().port());
                    rig.run.fault("restart on the same port");
                    rig.awaitRecovery("restart on the same port");
                }),
                new Kind("restart on another port", number -> {
                    rig.restart("127.0.0.1", 0);
                    rig.run.fault("restart on another port");
                    rig.awaitRecovery("restart on another port");
                }),
                new Kind("stale location", number -> staleLocation(rig)),
                new Kind("name change", number -> nameChange(rig, number)));
    }

    private static Kind oracle(FaultRig rig, String name, Runnable change) {
        return new Kind(name, number -> {
            AtomicLong lookups = rig.proxy.lookups;
            long before = lookups.get();
            change.run();
            rig.proxy.proxy().evict(StampedState.JOB);
            FaultRig.whileLoaded();
            rig.proxy.normalOracle();
            if (lookups.get() > before) {
                rig.run.fault(name);
            }
            rig.awaitRecovery(name);
        });
    }

    /** The server has moved, and the oracle does not know it yet. */
    private static void staleLocation(FaultRig rig) throws Exception {
        List<KvStatePlacement> former = rig.proxy.servers();
        rig.proxy.oracle((job, name) -> CompletableFuture.completedFuture(LoneProxy.locationOf(former)));
        rig.stop();
        rig.startAgain("127.0.0.1", 0);
        rig.proxy.move(rig.placement());
        FaultRig.whileLoaded();
        rig.proxy.normalOracle();
        rig.run.fault("stale location");
        rig.awaitRecovery("stale location");
        rig.restart("127.0.0.1", 0);
        rig.awaitRecovery("stale location");
    }

    /** The name of the server leads to another address, where the next server listens on the same port. */
    private static void nameChange(FaultRig rig, int number) throws Exception {
        String address = number % 2 == 0 ? "127.0.0.2" : "127.0.0.3";
        FaultRig.nameResolvesTo(address);
        rig.restart(address, 0);
        rig.proxy.move(rig.placementByName());
        rig.awaitRecovery("name change");
        String other = "127.0.0.4";
        FaultRig.nameResolvesTo(other);
        rig.restart(other, rig.serverAddress().port());
        rig.proxy.move(rig.placementByName());
        rig.run.fault("name change");
        rig.awaitRecovery("name change");
        rig.restart("127.0.0.1", 0);
        rig.awaitRecovery("name change");
    }
}
