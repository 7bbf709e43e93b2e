package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Flink's {@code InstantSerializer}: seconds since the epoch and nanoseconds; the lowest of each stand for null. */
final class InstantSerializer implements KeySerializer<Instant> {

    private static final long NULL_SECONDS = Long.MIN_VALUE;
    private static final int NULL_NANOS = Integer.MIN_VALUE;
    private static final int MAX_NANOS = 999_999_999;

    @Override
    public void serialize(@Nullable Instant value, DataOutput out) throws IOException {
        out.writeLong(value == null ? NULL_SECONDS : value.getEpochSecond());
        out.writeInt(value == null ? NULL_NANOS : value.getNano());
    }

    @Override
    public @Nullable Instant deserialize(DataInput in) throws IOException {
        long seconds = in.readLong();
        int nanos = in.readInt();
        if (seconds == NULL_SECONDS && nanos == NULL_NANOS) {
            return null;
        }
        if (nanos < 0 || nanos > MAX_NANOS) {
            throw new IOException("nanoseconds are 0 to " + MAX_NANOS + ", got " + nanos);
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    @Override
    public String typeName() {
        return "instant";
    }

    @Override
    public int keyHashCode(Instant key) {
        return key.hashCode();
    }
}
