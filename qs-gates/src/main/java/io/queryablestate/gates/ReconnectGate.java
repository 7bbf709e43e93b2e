package io.queryablestate.gates;

/** R6: a state server that was away is found again, on its port, on another one, or at the new address of its name. */
final class ReconnectGate implements Gate {

    private static final int QUICK = 100;
    private static final int FULL = 1_000;

    @Override
    public void run(GateRun run) throws Exception {
        int restarts = run.times(QUICK, FULL);
        Recovery recovery = new Recovery(run, "first_success");
        try (FaultRig rig = new FaultRig(run)) {
            rig.proxy.move(rig.placement());
            rig.awaitRecovery("start");
            for (int i = 0; i < restarts; i++) {
                String kind = restart(rig, i);
                run.fault(kind);
                recovery.await(rig.reads, kind);
            }
        }
    }

    /** Half of them on the same port, a quarter on another one, a quarter at another address of the same name. */
    private static String restart(FaultRig rig, int number) throws Exception {
        switch (number % 4) {
            case 0, 2 -> {
                rig.stop();
                FaultRig.whileLoaded();
                rig.startAgain(rig.formerHost(), rig.formerPort());
                rig.proxy.move(rig.placement());
                return "same port";
            }
            case 1 -> {
                rig.stop();
                FaultRig.whileLoaded();
                rig.startAgain("127.0.0.1", 0);
                rig.proxy.move(rig.placement());
                return "other port";
            }
            default -> {
                String address = number % 8 == 3 ? "127.0.0.2" : "127.0.0.3";
                rig.stop();
                FaultRig.nameResolvesTo(address);
                FaultRig.whileLoaded();
                rig.startAgain(address, 0);
                rig.proxy.move(rig.placementByName());
                return "name change";
            }
        }
    }
}
