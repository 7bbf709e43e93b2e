package io.queryablestate.server;

/** Which threads may read a state. */
public sealed interface ReadMode {

    /** Reading never blocks and is safe from any thread: it happens on the thread that brings the request. */
    static ReadMode inline() {
        return new Inline();
    }

    /** Reading is safe from any thread and may block: it happens on the registry's query threads. */
    static ReadMode pooled() {
        return new Pooled();
    }

    /**
     * Only its owner's thread may touch the state.
     *
     * @param queue made by {@link KvStateRegistry#newOwnerQueue}, shared by all states of that owner
     */
    static ReadMode owner(OwnerQueue queue) {
        return new Owner(queue);
    }

    /** See {@link ReadMode#inline()}. */
    record Inline() implements ReadMode {}

    /** See {@link ReadMode#pooled()}. */
    record Pooled() implements ReadMode {}

    /**
     * See {@link ReadMode#owner}.
     *
     * @param queue where reads wait for the owner
     */
    record Owner(OwnerQueue queue) implements ReadMode {}
}
