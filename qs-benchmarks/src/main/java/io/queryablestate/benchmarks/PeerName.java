package io.queryablestate.benchmarks;

import java.util.Locale;

/** The peers, in the order of the report. */
enum PeerName {
    OURS("ours, default callback executor"),
    OURS_DIRECT("ours, direct executor"),
    FLINK("Flink 2.3.0"),
    RAW("raw relay, a write for each frame"),
    RAW_BATCHED("raw relay, a write for each read batch");

    private final String title;

    PeerName(String title) {
        this.title = title;
    }

    /** Its name for readers of the report. */
    String title() {
        return title;
    }

    /** Its name on command lines. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static PeerName ofId(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Makes the peer; loads Flink's classes only for Flink. */
    Peer create() {
        return switch (this) {
            case OURS -> OurPeer.withDefaults();
            case OURS_DIRECT -> OurPeer.withCallbackExecutor(Runnable::run);
            case FLINK -> new FlinkPeer();
            case RAW -> RawPeer.writingFrames();
            case RAW_BATCHED -> RawPeer.writingBatches();
        };
    }
}
