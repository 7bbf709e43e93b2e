package io.queryablestate.network;

/** How far a server is in its life; it only goes forward. */
public enum ServerHealth {
    /** It does not listen yet. */
    STARTING,
    /** It serves. Only now should it be told to clients. */
    READY,
    /** It works on what it has accepted and takes nothing new. */
    DRAINING,
    /** It has ended, or could not start. */
    STOPPED
}
