package io.queryablestate.benchmarks;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The peers, in the order of the report. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are never changed
enum PeerName {
    OURS("ours, default callback executor", EnumSet.allOf(Hop.class)),
    OURS_DIRECT("ours, direct executor", EnumSet.allOf(Hop.class)),
    CONNECTION("ours, connection without a client", EnumSet.of(Hop.ONE_HOP)),
    FLINK("Flink 2.3.0", EnumSet.allOf(Hop.class)),
    GRPC("gRPC, default executor", EnumSet.allOf(Hop.class)),
    GRPC_DIRECT("gRPC, direct executor", EnumSet.allOf(Hop.class)),
    REDIS("Redis through Lettuce", EnumSet.of(Hop.ONE_HOP)),
    RAW("raw relay, a write for each frame", EnumSet.allOf(Hop.class)),
    RAW_BATCHED("raw relay, a write for each read batch", EnumSet.allOf(Hop.class));

    private final String title;
    private final Set<Hop> hops;

    PeerName(String title, Set<Hop> hops) {
        this.title = title;
        this.hops = hops;
    }

    /** Its name for readers of the report. */
    String title() {
        return title;
    }

    /** Its name on command lines. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** By which ways it can be asked. */
    Set<Hop> hops() {
        return hops;
    }

    /** Whether a comparison without it has failed. Not so for what has to be installed beside this project. */
    boolean isRequired() {
        return this != REDIS;
    }

    static PeerName ofId(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Makes the peer; loads classes of others only for them. */
    Peer create() {
        return switch (this) {
            case OURS -> OurPeer.withDefaults();
            case OURS_DIRECT -> OurPeer.withCallbackExecutor(Runnable::run);
            case CONNECTION -> new ConnectionPeer();
            case FLINK -> new FlinkPeer();
            case GRPC -> GrpcPeer.withDefaultExecutors();
            case GRPC_DIRECT -> GrpcPeer.withDirectExecutors();
            case REDIS -> new RedisPeer();
            case RAW -> RawPeer.writingFrames();
            case RAW_BATCHED -> RawPeer.writingBatches();
        };
    }

    /** Whether it needs libraries that our own processes do not have on their class path. */
    boolean needsPeerLibraries() {
        return switch (this) {
            case FLINK, GRPC, GRPC_DIRECT, REDIS -> true;
            case OURS, OURS_DIRECT, CONNECTION, RAW, RAW_BATCHED -> false;
        };
    }
}
