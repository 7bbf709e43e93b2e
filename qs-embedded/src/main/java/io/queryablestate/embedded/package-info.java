/**
 * A whole cluster in one JVM: task managers with state server and proxy, a location registry, jobs with keyed states, and
 * the faults that a test wants to see.
 */
@NullMarked
package io.queryablestate.embedded;

import org.jspecify.annotations.NullMarked;
