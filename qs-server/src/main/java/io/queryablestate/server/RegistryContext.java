package io.queryablestate.server;

/**
 * What the parts of one registry share.
 *
 * @param options as given
 * @param timer the registry's only one
 * @param log for what goes wrong in code that is not ours
 */
record RegistryContext(KvStateRegistryOptions options, Timer timer, RateLimitedLog log) {

    RegistryContext(KvStateRegistryOptions options, Timer timer) {
        this(options, timer, new RateLimitedLog(options.nanoTime()));
    }

    long now() {
        return options.nanoTime().getAsLong();
    }
}
