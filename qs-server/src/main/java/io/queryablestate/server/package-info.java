/** The state server: the registry of KvStates and the three ways in which they are read. */
@NullMarked
package io.queryablestate.server;

import org.jspecify.annotations.NullMarked;
