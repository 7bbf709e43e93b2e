package io.queryablestate.messages;

import java.util.UUID;

/**
 * Id of one KvState: one instance of a state on one task manager, for a range of key groups. A new registration has a
 * new id, so a request for a state that has moved is recognised as such.
 *
 * @param upper the last eight bytes of the printed form
 * @param lower the first eight bytes of the printed form
 */
public record KvStateId(long upper, long lower) {

    /**
     * Reads the printed form.
     *
     * @throws IllegalArgumentException if {@code hex} is not exactly 32 hexadecimal digits
     */
    public static KvStateId parse(String hex) {
        return new KvStateId(HexIds.upper(hex, "KvState id"), HexIds.lower(hex, "KvState id"));
    }

    /** A new id that no other KvState has. */
    public static KvStateId random() {
        UUID uuid = UUID.randomUUID();
        return new KvStateId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return HexIds.format(upper, lower);
    }
}
