package io.queryablestate.gates;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** R2: each of the 30 kinds of fault under load, then those of network, oracle and backend mixed. */
final class FaultMixGate implements Gate {

    private static final int KINDS = 30;
    private static final int QUICK_TIMES = 10;
    private static final int FULL_TIMES = 200;
    private static final Duration QUICK_MIX = Duration.ofSeconds(30);
    private static final Duration FULL_MIX = Duration.ofMinutes(20);

    /** A kind of fault. */
    @FunctionalInterface
    interface Injection {
        /** Does it once, under load, and waits until it is over. */
        void once(int number) throws Exception;
    }

    /**
     * A kind of fault and how it is made.
     *
     * @param name for the counts
     */
    record Kind(String name, Injection injection) {}

    @Override
    public void run(GateRun run) throws Exception {
        int times = run.times(QUICK_TIMES, FULL_TIMES);
        int kinds = 0;
        try (FaultRig rig = new FaultRig(run)) {
            List<Kind> local = new ArrayList<>(NetworkFaults.of(rig));
            local.addAll(LocationFaults.of(rig));
            local.addAll(BackendFaults.of(rig));
            for (Kind kind : local) {
                kinds += inject(run, kind, times);
            }
            mix(run, local, run.times((int) QUICK_MIX.toSeconds(), (int) FULL_MIX.toSeconds()));
        }
        try (MovingFaults moving = new MovingFaults(run)) {
            for (Kind kind : moving.kinds()) {
                kinds += inject(run, kind, times);
            }
        }
        try (ProcessFaults processes = new ProcessFaults(run)) {
            for (Kind kind : processes.kinds()) {
                kinds += inject(run, kind, times);
            }
        }
        run.require(kinds == KINDS, kinds + " kinds of fault, " + KINDS + " are wanted");
    }

    private static int inject(GateRun run, Kind kind, int times) throws Exception {
        for (int i = 0; run.faults(kind.name()) < times && i < times; i++) {
            kind.injection().once(i);
        }
        long injected = run.faults(kind.name());
        run.require(injected >= times, kind.name() + " was injected " + injected + " times, " + times + " are wanted");
        return 1;
    }

    private static void mix(GateRun run, List<Kind> kinds, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; System.nanoTime() < end; i++) {
            kinds.get(run.random().nextInt(kinds.size())).injection().once(i);
        }
        run.figure("mix_seconds", seconds);
    }
}
