/** The network module: framing, servers, connections, deadlines and statistics, shared by client, proxy and server. */
@NullMarked
package io.queryablestate.network;

import org.jspecify.annotations.NullMarked;
