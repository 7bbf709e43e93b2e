/** The name under which Flink looks for a client proxy. */
@NullMarked
package org.apache.flink.queryablestate.client.proxy;

import org.jspecify.annotations.NullMarked;
