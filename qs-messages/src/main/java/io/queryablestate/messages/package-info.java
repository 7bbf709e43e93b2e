/** Ids, key groups, messages and their codecs, error codes: the words that server, proxy and client share. */
@NullMarked
package io.queryablestate.messages;

import org.jspecify.annotations.NullMarked;
