package io.queryablestate.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An owner's mailbox: holds tasks until the test runs them, and may refuse or lose them. */
final class ManualExecutor implements Executor {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable RuntimeException refusal;

    @Override
    public void execute(Runnable task) {
        if (refusal != null) {
            throw refusal;
        }
        tasks.add(task);
    }

    void refuseWith(@Nullable RuntimeException refusal) {
        this.refusal = refusal;
    }

    int waiting() {
        return tasks.size();
    }

    /** Runs the oldest task on this thread, which thereby is the owner's. */
    void runOne() {
        tasks.remove().run();
    }

    void loseAll() {
        tasks.clear();
    }
}
