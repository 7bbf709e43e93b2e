package io.queryablestate.cli;

import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and errors
 */
record Console(PrintWriter out, PrintWriter err) {}
