/** A whole cluster in one JVM. */
@NullMarked
package io.queryablestate.embedded;

import org.jspecify.annotations.NullMarked;
