package io.queryablestate.benchmarks;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is measured, in the order of the report. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are never changed
enum Row {
    PROXY_1("Through a proxy, 1 in flight", closedLoop(Hop.PROXIED, 1)),
    PROXY_16("Through a proxy, 16 in flight", closedLoop(Hop.PROXIED, 16)),
    PROXY_256("Through a proxy, 256 in flight", closedLoop(Hop.PROXIED, 256)),
    ONE_HOP_1("One hop, 1 in flight", closedLoop(Hop.ONE_HOP, 1)),
    ONE_HOP_16("One hop, 16 in flight", closedLoop(Hop.ONE_HOP, 16)),
    ONE_HOP_256("One hop, 256 in flight", closedLoop(Hop.ONE_HOP, 256)),
    GET_ALL(
            "getAll of 100 keys through a proxy, 16 in flight",
            Work.batches(Hop.PROXIED, Workload.SMALL, 16, 100),
            EnumSet.of(PeerName.OURS, PeerName.OURS_DIRECT)),
    LARGE_VALUES(
            "Values of 256 KiB through a proxy, 16 in flight",
            Work.closedLoop(Hop.PROXIED, Workload.LARGE, 16),
            EnumSet.of(PeerName.OURS, PeerName.OURS_DIRECT, PeerName.FLINK, PeerName.RAW)),
    RATE(
            "10,000 requests/s through a proxy, from the planned start of each",
            Work.openLoop(Hop.PROXIED, Workload.SMALL, 10_000, 1_024),
            EnumSet.complementOf(EnumSet.of(PeerName.REDIS, PeerName.RAW_BATCHED)));

    private final String title;
    private final Work work;
    private final Set<PeerName> peers;

    Row(String title, Work work) {
        this(title, work, EnumSet.allOf(PeerName.class));
    }

    Row(String title, Work work, Set<PeerName> peers) {
        this.title = title;
        this.work = work;
        this.peers = peers;
    }

    private static Work closedLoop(Hop hop, int inFlight) {
        return Work.closedLoop(hop, Workload.SMALL, inFlight);
    }

    /** For readers of the report. */
    String title() {
        return title;
    }

    /** Its name on command lines. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Work work() {
        return work;
    }

    /** Whether the peer can do this, and is of interest here. */
    boolean isFor(PeerName peer) {
        return peers.contains(peer) && peer.hops().contains(work.hop());
    }

    static Row ofId(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** What a server must hold for all rows. */
    static List<Workload> workloads() {
        return Arrays.stream(values())
                .map(row -> row.work.workload())
                .distinct()
                .toList();
    }
}
