package io.queryablestate.server;

/**
 * Is told which states are registered. Called on the thread that registers or closes; must not block. What it throws is
 * logged and dropped.
 *
 * <p>The two calls for one registration come in order. Those of different registrations may overtake each other: when a
 * task restarts, the notice that its old state has gone may come after the one that the new state is there. A listener
 * therefore drops a placement only if it still carries the incarnation that is unregistered.
 */
public interface KvStateListener {

    /** The state can be read from now on. */
    void registered(KvStateInfo info);

    /** The state cannot be read any more. Reads that have started may still be running. */
    void unregistered(KvStateInfo info);
}
