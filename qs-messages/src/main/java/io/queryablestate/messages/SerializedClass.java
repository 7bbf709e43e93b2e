package io.queryablestate.messages;

import org.jspecify.annotations.Nullable;

/**
 * A class as a serialization stream describes it: what it takes to step over the data of its objects.
 *
 * @param name its name
 * @param flags the {@code SC_} flags
 * @param fieldKinds the type code of each field, in the order of the data
 * @param messageField which of them is called {@code detailMessage}, or -1
 * @param parent the serializable superclass, if there is one
 * @param levels this class and how many superclasses
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and it lives as long as one parse
record SerializedClass(
        String name,
        int flags,
        byte[] fieldKinds,
        int messageField,
        @Nullable SerializedClass parent,
        int levels) {

    SerializedClass(String name, int flags, byte[] fieldKinds, int messageField, @Nullable SerializedClass parent) {
        this(name, flags, fieldKinds, messageField, parent, parent == null ? 1 : parent.levels + 1);
    }

    /** The topmost of its superclasses, or itself. */
    SerializedClass top() {
        return parent == null ? this : parent.top();
    }
}
