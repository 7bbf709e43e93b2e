package io.queryablestate.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a comparison is run.
 *
 * @param target where the class paths are and the logs go
 * @param reports the directory that gets the result
 * @param quick whether it is the short one, whose figures are for a first impression
 * @param oneProcess whether client, proxy and server of a peer share a process
 * @param rows what is measured
 * @param peers with whom
 */
record CompareOptions(
        Path target, Path reports, boolean quick, boolean oneProcess, Set<Row> rows, Set<PeerName> peers) {

    private static final String USAGE =
            "usage: compare.sh [--quick] [--one-process] [--rows row,row] [--peers peer,peer]";

    /**
     * Reads a command line: the target directory and that of the reports, which the script gives, then the user's.
     *
     * @throws IllegalArgumentException with the usage if there is something else
     */
    static CompareOptions parse(String... args) {
        if (args.length < 2) {
            throw new IllegalArgumentException(USAGE);
        }
        boolean quick = false;
        boolean oneProcess = false;
        Set<Row> rows = EnumSet.allOf(Row.class);
        Set<PeerName> peers = EnumSet.allOf(PeerName.class);
        Iterator<String> given = Arrays.asList(args).subList(2, args.length).iterator();
        while (given.hasNext()) {
            String option = given.next();
            switch (option) {
                case "--quick" -> quick = true;
                case "--one-process" -> oneProcess = true;
                case "--rows" -> rows = named(option, given, Row::ofId);
                case "--peers" -> peers = named(option, given, PeerName::ofId);
                default -> throw new IllegalArgumentException(USAGE + ", got " + option);
            }
        }
        return new CompareOptions(Path.of(args[0]), Path.of(args[1]), quick, oneProcess, rows, peers);
    }

    private static <E extends Enum<E>> Set<E> named(String option, Iterator<String> given, Function<String, E> ofId) {
        if (!given.hasNext()) {
            throw new IllegalArgumentException(USAGE + ", " + option + " without names");
        }
        String names = given.next();
        try {
            return EnumSet.copyOf(Stream.of(names.split(",", -1)).map(ofId).toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(USAGE + ", got " + option + " " + names, e);
        }
    }

    /** Whether everything is measured, so that the result stands for all. */
    boolean complete() {
        return !oneProcess && rows.size() == Row.values().length && peers.size() == PeerName.values().length;
    }

    /** The options that were given, as the user wrote them. */
    String commandLine() {
        StringBuilder line = new StringBuilder("qs-benchmarks/compare.sh");
        if (quick) {
            line.append(" --quick");
        }
        if (oneProcess) {
            line.append(" --one-process");
        }
        if (rows.size() < Row.values().length) {
            line.append(" --rows ").append(rows.stream().map(Row::id).collect(Collectors.joining(",")));
        }
        if (peers.size() < PeerName.values().length) {
            line.append(" --peers ").append(peers.stream().map(PeerName::id).collect(Collectors.joining(",")));
        }
        return line.toString();
    }

    /** What a peer does in this comparison. */
    List<Row> rowsOf(PeerName peer) {
        return rows.stream().filter(row -> row.isFor(peer)).toList();
    }

    /** How many rounds; each measures every peer once in every row. */
    int rounds() {
        return quick ? 3 : 5;
    }

    /** How long one peer is measured at a time. */
    Duration measurement() {
        return Duration.ofSeconds(quick ? 1 : 4);
    }

    /** How long a peer runs before the first round, shared evenly among its rows. */
    Duration warmUp(PeerName peer) {
        int rowsOfPeer = rowsOf(peer).size();
        return Duration.ofSeconds(quick ? Math.max(4, rowsOfPeer) : Math.max(15, 5 * rowsOfPeer));
    }
}
