package io.queryablestate.server;

import org.jspecify.annotations.Nullable;

/**
 * The thread that is running reads of an owner right now, if any. A registration keeps this rather than the owner, so
 * that it can recognise the owner's thread without holding on to the owner.
 */
final class DrainingThread {

    private volatile @Nullable Thread thread;

    void enter() {
        thread = Thread.currentThread();
    }

    void exit() {
        thread = null;
    }

    boolean isCurrent() {
        return thread == Thread.currentThread();
    }
}
