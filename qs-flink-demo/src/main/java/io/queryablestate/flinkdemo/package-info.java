/** Flink clusters of real processes: the harness that starts and kills them, and the demo that shows one. */
@NullMarked
package io.queryablestate.flinkdemo;

import org.jspecify.annotations.NullMarked;
