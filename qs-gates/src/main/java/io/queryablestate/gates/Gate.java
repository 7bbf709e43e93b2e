package io.queryablestate.gates;

/** A program that tries to break one promise, and counts. */
interface Gate {

    /** What it tries. Requests go through {@link GateRun#ledger()}; what must hold besides, through the run's checks. */
    void run(GateRun run) throws Exception;
}
