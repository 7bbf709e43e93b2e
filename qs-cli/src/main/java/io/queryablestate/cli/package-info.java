/** The {@code qs} command. */
@NullMarked
package io.queryablestate.cli;

import org.jspecify.annotations.NullMarked;
