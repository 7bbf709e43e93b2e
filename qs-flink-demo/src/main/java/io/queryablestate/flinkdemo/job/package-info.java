/** What runs inside Flink's processes, against the Flink on their class path: nothing of this package is used outside. */
@NullMarked
package io.queryablestate.flinkdemo.job;

import org.jspecify.annotations.NullMarked;
