/** Programs that try to hang, crash, fool or fill client, proxy and state server, and count what comes of it. */
@NullMarked
package io.queryablestate.gates;

import org.jspecify.annotations.NullMarked;
