package io.queryablestate.client.serialization;

/** The namespace of state that is not in a window. On the wire it is one zero byte. */
public enum VoidNamespace {
    INSTANCE
}
