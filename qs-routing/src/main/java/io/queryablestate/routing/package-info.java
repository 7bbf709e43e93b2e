/** Where states are: the cache of locations that proxies and clients share. */
@NullMarked
package io.queryablestate.routing;

import org.jspecify.annotations.NullMarked;
