/** The client proxy: finds the state server of a key and forwards the request, retrying when a location is stale. */
@NullMarked
package io.queryablestate.proxy;

import org.jspecify.annotations.NullMarked;
