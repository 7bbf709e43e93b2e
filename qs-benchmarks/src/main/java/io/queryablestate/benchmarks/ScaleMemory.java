package io.queryablestate.benchmarks;

/**
 * What one more of something holds in memory, after a full collection, in bytes.
 *
 * @param connectionAtProxy a client's connection that is open, and has been used
 * @param connectionAtClient the same at the other end
 * @param requestAtServer a request that waits for its answer, one of 2,000
 * @param requestAtProxy the same
 * @param requestAtClient the same, without the caller's future
 * @param stateAtProxy a state whose location the proxy knows
 */
record ScaleMemory(
        ProcessMemory connectionAtProxy,
        ProcessMemory connectionAtClient,
        ProcessMemory requestAtServer,
        ProcessMemory requestAtProxy,
        ProcessMemory requestAtClient,
        ProcessMemory stateAtProxy) {}
