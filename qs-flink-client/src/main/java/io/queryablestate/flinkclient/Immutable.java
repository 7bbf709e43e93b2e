package io.queryablestate.flinkclient;

/** What all states that were read have in common. */
final class Immutable {

    private Immutable() {}

    static UnsupportedOperationException refused() {
        return new UnsupportedOperationException("a state that was read cannot be changed");
    }
}
