package io.queryablestate.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a caller gets, and what follows from it. A callback that waits for one gives the event loop away first: the answer would
 * else come no sooner than somebody notices that the callback is stuck.
 */
class AnswerFuture<T> extends CompletableFuture<T> {

    private final Runnable beforeWaiting;

    /**
     * Not completed yet.
     *
     * @param beforeWaiting gives the event loop away if the current thread has it
     */
    AnswerFuture(Runnable beforeWaiting) {
        this.beforeWaiting = beforeWaiting;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        beforeWaiting();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        beforeWaiting();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        beforeWaiting();
        return super.join();
    }

    private void beforeWaiting() {
        if (!isDone()) {
            beforeWaiting.run();
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new AnswerFuture<>(beforeWaiting);
    }
}
