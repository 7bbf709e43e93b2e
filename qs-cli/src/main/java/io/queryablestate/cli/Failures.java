package io.queryablestate.cli;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what commands throw into a line for people and an exit status. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Console console;

    Failures(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        return wrongUsage(wrong.getMessage(), wrong.getCommandLine());
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        if (thrown instanceof ParameterException wrong) {
            return wrongUsage(wrong.getMessage(), wrong.getCommandLine());
        }
        if (thrown instanceof UsageException wrong) {
            return wrongUsage(wrong.getMessage(), command);
        }
        LOG.debug("the command failed", thrown);
        if (thrown instanceof QueryableStateException failure) {
            console.err().println(line(failure));
        } else if (thrown instanceof IOException) {
            console.err().println("error: " + thrown.getMessage());
        } else {
            console.err().println("error: " + thrown);
        }
        return ExitCode.FAILED;
    }

    private int wrongUsage(@Nullable String message, CommandLine command) {
        console.err().println("qs: " + message);
        console.err().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** {@code error CODE: text}. */
    static String line(QueryableStateException failure) {
        return "error " + failure.code() + ": " + TextFormat.escape(failure.text());
    }

    /** The typed error in what a future has failed with. */
    static QueryableStateException typed(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof QueryableStateException failure
                ? failure
                : new QueryableStateException(ErrorCode.STATE_FAILED, "the answer was not usable: " + cause, cause);
    }
}
