/** What the tests of every module share. */
@NullMarked
package io.queryablestate.testsupport;

import org.jspecify.annotations.NullMarked;
