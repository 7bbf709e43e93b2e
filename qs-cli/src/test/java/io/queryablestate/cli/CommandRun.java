package io.queryablestate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * A command line that was run in this process.
 *
 * @param status its exit status
 * @param out the lines of its output
 * @param err the lines of its error output
 */
record CommandRun(int status, List<String> out, List<String> err) {

    static CommandRun qs(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Qs.run(new Console(new PrintWriter(out), new PrintWriter(err)), args);
        return new CommandRun(
                status, out.toString().lines().toList(), err.toString().lines().toList());
    }
}
