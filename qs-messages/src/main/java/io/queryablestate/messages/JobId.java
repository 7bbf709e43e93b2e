package io.queryablestate.messages;

import java.util.UUID;

/**
 * Id of a job: 16 bytes, written as 32 hexadecimal digits, as Flink prints them.
 *
 * @param upper the last eight bytes of the printed form
 * @param lower the first eight bytes of the printed form
 */
public record JobId(long upper, long lower) {

    /**
     * Reads the printed form.
     *
     * @throws IllegalArgumentException if {@code hex} is not exactly 32 hexadecimal digits
     */
    public static JobId parse(String hex) {
        return new JobId(HexIds.upper(hex, "job id"), HexIds.lower(hex, "job id"));
    }

    /** A new id that no other job has. */
    public static JobId random() {
        UUID uuid = UUID.randomUUID();
        return new JobId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return HexIds.format(upper, lower);
    }
}
