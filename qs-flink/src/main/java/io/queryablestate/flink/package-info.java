/** State server and client proxy behind the hooks of Flink's task manager. */
@NullMarked
package io.queryablestate.flink;

import org.jspecify.annotations.NullMarked;
