package io.queryablestate.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a process of the harness does: it prints a first line when it is ready and one line for each command that it
 * reads, each beginning with {@code ok} or {@code failed}. It ends when its input ends, and so with the process that has
 * started it.
 */
final class CommandLoop {

    static final String OK = "ok ";
    static final String FAILED = "failed ";

    /** Every process answers it with its {@link ProcessUsage}. */
    static final String USAGE = "usage";
    /** Every process answers it with its {@link ProcessMemory}. */
    static final String MEMORY = "memory";

    /** Writes to standard error, which is the process's log; the libraries' own logging has no backend. */
    private static final System.Logger LOG = System.getLogger(CommandLoop.class.getName());

    private CommandLoop() {}

    /** Runs until the input ends, and ends the process. */
    static void run(Start start) {
        PrintStream out = System.out;
        // Nothing that a library prints may get between the lines.
        System.setOut(System.err);
        DirectMemory.watch();
        try {
            Part part = start.start();
            out.println(OK + part.address());
            serve(part, out);
        } catch (Exception e) {
            report(out, e);
        }
        // Some peers have threads that are no daemons.
        System.exit(0);
    }

    private static void serve(Part part, PrintStream out) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                out.println(OK + answer(part, line));
            } catch (Exception e) {
                report(out, e);
            }
        }
    }

    private static String answer(Part part, String command) throws Exception {
        return switch (command) {
            case USAGE -> ProcessUsage.now().line();
            case MEMORY -> ProcessMemory.now().line();
            default -> part.answer(command);
        };
    }

    private static void report(PrintStream out, Exception failure) {
        LOG.log(System.Logger.Level.ERROR, "A command has failed", failure);
        // One line is one answer, whatever the text of an exception looks like.
        out.println(FAILED + failure.toString().lines().findFirst().orElse(""));
    }

    /** Starts what the process is for. */
    interface Start {
        Part start() throws Exception;
    }

    /** What the process is for. Used by one thread. */
    interface Part {

        /** Where the next part finds this one; empty if it does not look for it. */
        String address();

        /** Does what only this part can do. */
        String answer(String command) throws Exception;
    }
}
