package io.queryablestate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How much is logged on the error output: warnings, unless more is asked for. */
final class LoggingOptions {

    private boolean[] verbose = new boolean[0];

    LoggingOptions() {}

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what happens on the error output; twice for more.")
    void setVerbose(boolean[] given) {
        verbose = given.clone();
    }

    void apply() {
        Level level = verbose.length == 0 ? Level.WARN : verbose.length == 1 ? Level.INFO : Level.DEBUG;
        if (LoggerFactory.getLogger("io.queryablestate") instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
