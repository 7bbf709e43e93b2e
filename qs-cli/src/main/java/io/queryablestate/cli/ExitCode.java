package io.queryablestate.cli;

/** What the program's exit status says. */
final class ExitCode {

    /** Everything asked for was done and found. */
    static final int OK = 0;

    /** Something failed; the error output says what. */
    static final int FAILED = 1;

    /** The command line is wrong. */
    static final int USAGE = 2;

    /** Nothing failed, but a key has no value. */
    static final int ABSENT = 3;

    private ExitCode() {}
}
