/** Measures Queryable State beside what people would use instead. No part of any library. */
@NullMarked
package io.queryablestate.benchmarks;

import org.jspecify.annotations.NullMarked;
