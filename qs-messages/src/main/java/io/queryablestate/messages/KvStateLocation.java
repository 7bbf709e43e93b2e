package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * For one job and state name: which KvState holds each key group, and on which state server. Immutable.
 *
 * <p>On the wire: {@code int64 job lower, int64 job upper, text state name, int32 number of key groups, int32 number of
 * ranges}, then for each range {@code int32 start, int32 end, int64 KvState lower, int64 KvState upper, text host, int32
 * port}. Key groups that no range covers have no server.
 */
public final class KvStateLocation {

    private static final int MAX_HOST_BYTES = 1024;
    private static final int MIN_RANGE_BYTES = 30;

    private final JobId jobId;
    private final String stateName;
    private final @Nullable KvStatePlacement[] byKeyGroup;

    private KvStateLocation(JobId jobId, String stateName, @Nullable KvStatePlacement[] byKeyGroup) {
        this.jobId = jobId;
        this.stateName = stateName;
        this.byKeyGroup = byKeyGroup;
    }

    /** The job. */
    public JobId jobId() {
        return jobId;
    }

    /** The name under which the state is queryable. */
    public String stateName() {
        return stateName;
    }

    /** The number of key groups of the state's operator. */
    public int maxParallelism() {
        return byKeyGroup.length;
    }

    /** Who holds a key group, or null if nobody is registered for it. */
    public @Nullable KvStatePlacement placementOf(int keyGroup) {
        return byKeyGroup[keyGroup];
    }

    /** The key groups that have a server, as the longest ranges with the same placement, in order. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        int start = 0;
        for (int next = 1; next <= byKeyGroup.length; next++) {
            KvStatePlacement placement = byKeyGroup[start];
            if (next == byKeyGroup.length || !Objects.equals(byKeyGroup[next], placement)) {
                if (placement != null) {
                    ranges.add(new Range(new KeyGroupRange(start, next - 1), placement));
                }
                start = next;
            }
        }
        return ranges;
    }

    /** Starts a location in which no key group has a server yet. */
    public static Builder builder(JobId jobId, String stateName, int maxParallelism) {
        return new Builder(jobId, stateName, maxParallelism);
    }

    /** Writes a frame. */
    public void encode(ByteBuf out, long requestId) {
        List<Range> ranges = ranges();
        BodyWriter.write(out, MessageType.LOCATION, requestId, body -> {
            body.writeLong(jobId.lower());
            body.writeLong(jobId.upper());
            WireText.write(body, "a state name", stateName, Frames.MAX_STATE_NAME_BYTES);
            body.writeInt(maxParallelism());
            body.writeInt(ranges.size());
            for (Range range : ranges) {
                range.encode(body);
            }
        });
    }

    /** Reads the body, all of {@code body}. */
    public static KvStateLocation decode(ByteBuf body) {
        Frames.checkPresent("a location", 16, body.readerIndex(), body.writerIndex());
        long lower = body.readLong();
        long upper = body.readLong();
        String name = WireText.read(body, "a state name", Frames.MAX_STATE_NAME_BYTES);
        Frames.checkPresent("a location's counts", 8, body.readerIndex(), body.writerIndex());
        int maxParallelism = body.readInt();
        int ranges = body.readInt();
        if (ranges < 0 || ranges > body.readableBytes() / MIN_RANGE_BYTES) {
            throw Frames.badRequest(ranges + " ranges in " + body.readableBytes() + " bytes");
        }
        try {
            Builder builder = builder(new JobId(upper, lower), name, maxParallelism);
            for (int i = 0; i < ranges; i++) {
                Range range = Range.decode(body);
                builder.place(range.keyGroups(), range.placement());
            }
            Frames.checkAllRead("a location", body);
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw Frames.badRequest("not a location: " + e.getMessage());
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KvStateLocation that
                && jobId.equals(that.jobId)
                && stateName.equals(that.stateName)
                && Arrays.equals(byKeyGroup, that.byKeyGroup);
    }

    @Override
    public int hashCode() {
        return Objects.hash(jobId, stateName, byKeyGroup.length);
    }

    @Override
    public String toString() {
        return "KvStateLocation[" + stateName + " of " + jobId + ", " + byKeyGroup.length + " key groups, " + ranges()
                + "]";
    }

    /**
     * Key groups that one KvState holds.
     *
     * @param keyGroups which
     * @param placement by whom
     */
    public record Range(KeyGroupRange keyGroups, KvStatePlacement placement) {

        private void encode(ByteBuf body) {
            body.writeInt(keyGroups.start());
            body.writeInt(keyGroups.end());
            body.writeLong(placement.kvStateId().lower());
            body.writeLong(placement.kvStateId().upper());
            WireText.write(body, "a host", placement.server().host(), MAX_HOST_BYTES);
            body.writeInt(placement.server().port());
        }

        private static Range decode(ByteBuf body) {
            Frames.checkPresent("a range", MIN_RANGE_BYTES, body.readerIndex(), body.writerIndex());
            KeyGroupRange keyGroups = new KeyGroupRange(body.readInt(), body.readInt());
            long lower = body.readLong();
            long upper = body.readLong();
            String host = WireText.read(body, "a host", MAX_HOST_BYTES);
            Frames.checkPresent("a port", Integer.BYTES, body.readerIndex(), body.writerIndex());
            ServerAddress server = new ServerAddress(host, body.readInt());
            return new Range(keyGroups, new KvStatePlacement(new KvStateId(upper, lower), server));
        }
    }

    /** Collects placements; used by one thread, once. */
    public static final class Builder {
        private final JobId jobId;
        private final String stateName;
        private final @Nullable KvStatePlacement[] byKeyGroup;

        private Builder(JobId jobId, String stateName, int maxParallelism) {
            KeyGroups.checkMaxParallelism(maxParallelism);
            this.jobId = jobId;
            this.stateName = stateName;
            this.byKeyGroup = new KvStatePlacement[maxParallelism];
        }

        /**
         * Says who holds a range.
         *
         * @throws IllegalArgumentException if a key group of the range does not exist or is placed already
         */
        public Builder place(KeyGroupRange range, KvStatePlacement placement) {
            if (range.end() >= byKeyGroup.length) {
                throw new IllegalArgumentException(
                        "key groups " + range + " of a state with " + byKeyGroup.length + " key groups");
            }
            for (int keyGroup = range.start(); keyGroup <= range.end(); keyGroup++) {
                if (byKeyGroup[keyGroup] != null) {
                    throw new IllegalArgumentException("key group " + keyGroup + " is placed twice");
                }
                byKeyGroup[keyGroup] = placement;
            }
            return this;
        }

        /** The finished location. Placements that are equal are the same object in it, so that keys are grouped cheaply. */
        @SuppressWarnings("ReferenceEquality") // Which object it is, is what this is about.
        public KvStateLocation build() {
            Map<KvStatePlacement, KvStatePlacement> distinct = new HashMap<>();
            KvStatePlacement last = null;
            for (int keyGroup = 0; keyGroup < byKeyGroup.length; keyGroup++) {
                KvStatePlacement placement = byKeyGroup[keyGroup];
                if (placement != null && placement != last) {
                    last = distinct.computeIfAbsent(placement, first -> first);
                    byKeyGroup[keyGroup] = last;
                }
            }
            return new KvStateLocation(jobId, stateName, byKeyGroup);
        }
    }
}
