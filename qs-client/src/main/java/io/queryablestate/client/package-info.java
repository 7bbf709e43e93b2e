/** The client library. */
@NullMarked
package io.queryablestate.client;

import org.jspecify.annotations.NullMarked;
