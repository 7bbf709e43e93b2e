/** Flink's types and state descriptors for the client library, and a client with the methods of Flink's own. */
@NullMarked
package io.queryablestate.flinkclient;

import org.jspecify.annotations.NullMarked;
