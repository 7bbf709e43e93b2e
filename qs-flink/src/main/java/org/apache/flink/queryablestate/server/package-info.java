/** The name under which Flink looks for a state server. */
@NullMarked
package org.apache.flink.queryablestate.server;

import org.jspecify.annotations.NullMarked;
