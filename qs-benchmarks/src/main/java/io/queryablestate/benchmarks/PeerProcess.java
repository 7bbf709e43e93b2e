package io.queryablestate.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Main class of a process that is one part of one peer: {@code server <peer>}, {@code proxy <peer> <server>} or {@code
 * client <peer> <proxy>}. It prints a first line when it is ready and one line for each command that it reads, each
 * beginning with {@code ok} or {@code failed}. It ends when its input ends, and so with the process that has started it.
 */
final class PeerProcess {

    static final String OK = "ok ";
    static final String FAILED = "failed ";
    static final String USAGE = "usage";

    private final @Nullable KeyReader reader;

    private PeerProcess(@Nullable KeyReader reader) {
        this.reader = reader;
    }

    /** Runs one part. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        // Nothing that a library prints may get between the lines.
        System.setOut(System.err);
        try {
            Peer peer = PeerName.ofId(args[1]).create();
            KeyReader reader = null;
            String address = "";
            switch (args[0]) {
                case "server" -> address = peer.startServer();
                case "proxy" -> address = peer.startProxy(args[2]);
                case "client" -> reader = peer.connect(args[2]);
                default -> throw new IllegalArgumentException("no part " + args[0]);
            }
            out.println(OK + address);
            new PeerProcess(reader).serve(out);
        } catch (Exception e) {
            out.println(FAILED + e);
            e.printStackTrace();
        }
        // Some peers have threads that are no daemons.
        System.exit(0);
    }

    private void serve(PrintStream out) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                out.println(OK + answer(line));
            } catch (Exception e) {
                out.println(FAILED + e.getMessage());
                e.printStackTrace();
            }
        }
    }

    private String answer(String command) throws InterruptedException {
        if (command.equals(USAGE)) {
            return ProcessUsage.now().line();
        }
        if (reader == null) {
            throw new IllegalArgumentException("not a client: " + command);
        }
        long[] numbers = Lines.longs(command, 2);
        return new ClosedLoop(reader, (int) numbers[0])
                .run(Duration.ofMillis(numbers[1]))
                .line();
    }

    /** The command that makes a client ask. */
    static String load(int inFlight, Duration duration) {
        return inFlight + " " + duration.toMillis();
    }
}
