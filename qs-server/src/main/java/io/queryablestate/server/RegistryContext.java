package io.queryablestate.server;

import io.queryablestate.network.RateLimitedLog;
import org.slf4j.LoggerFactory;

/**
 * What the parts of one registry share.
 *
 * @param options as given
 * @param timer the registry's only one
 * @param log for what goes wrong in code that is not ours
 */
record RegistryContext(KvStateRegistryOptions options, Timer timer, RateLimitedLog log) {

    RegistryContext(KvStateRegistryOptions options, Timer timer) {
        this(options, timer, new RateLimitedLog(LoggerFactory.getLogger(KvStateRegistry.class), options.nanoTime()));
    }

    long now() {
        return options.nanoTime().getAsLong();
    }
}
