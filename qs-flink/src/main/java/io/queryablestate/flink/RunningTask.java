package io.queryablestate.flink;

import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.taskmanager.Task;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.jspecify.annotations.Nullable;

/**
 * The task that a thread runs, and the way to its mailbox. The thread of a task has the {@link Task} as its {@link
 * Runnable}, and the task has the {@link StreamTask} that it invokes; neither can be asked for it, so both are read from
 * private fields.
 *
 * @param task identifies the task
 * @param maxParallelism the number of key groups of the task's operators
 * @param mailbox runs commands on the task's thread, between two records
 */
record RunningTask(Object task, int maxParallelism, Executor mailbox) {

    static final String FLAG = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /**
     * The task of this thread.
     *
     * @throws TaskUnreachableException if this is not the thread of a task, or the JVM does not let us look
     */
    static RunningTask ofCurrentThread() throws TaskUnreachableException {
        if (!(runnableOf(Thread.currentThread()) instanceof Task task)) {
            throw new TaskUnreachableException(
                    "the state is used on a thread that is not its task's, such as a legacy source's");
        }
        if (!(invokableOf(task) instanceof StreamTask<?, ?> streamTask)) {
            throw new TaskUnreachableException("the state's task is not a stream task with a mailbox");
        }
        return new RunningTask(task, task.getTaskInfo().getMaxNumberOfParallelSubtasks(), mailboxOf(streamTask));
    }

    /** With the lowest priority, so that an operator that waits for its own mails inside a record never runs ours. */
    private static Executor mailboxOf(StreamTask<?, ?> task) {
        MailboxExecutor mailbox = task.getMailboxExecutorFactory().createExecutor(TaskMailbox.MIN_PRIORITY);
        return command -> mailbox.execute(command::run, "queryable state lookups");
    }

    private static @Nullable Object runnableOf(Thread thread) throws TaskUnreachableException {
        try {
            return runnableFromHolder(thread);
        } catch (NoSuchFieldException e) {
            return runnableFromTarget(thread);
        }
    }

    /** From JDK 19 on. */
    private static @Nullable Object runnableFromHolder(Thread thread)
            throws NoSuchFieldException, TaskUnreachableException {
        Object holder = read(Thread.class.getDeclaredField("holder"), thread);
        return holder == null ? null : read(holder.getClass().getDeclaredField("task"), holder);
    }

    private static @Nullable Object runnableFromTarget(Thread thread) throws TaskUnreachableException {
        try {
            return read(Thread.class.getDeclaredField("target"), thread);
        } catch (NoSuchFieldException e) {
            throw new TaskUnreachableException("this JDK hides what a thread runs", e);
        }
    }

    private static @Nullable Object invokableOf(Task task) throws TaskUnreachableException {
        try {
            return read(Task.class.getDeclaredField("invokable"), task);
        } catch (NoSuchFieldException e) {
            throw new TaskUnreachableException("this version of Flink is not supported", e);
        }
    }

    private static @Nullable Object read(Field field, Object from) throws TaskUnreachableException {
        try {
            field.setAccessible(true);
            return field.get(from);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new TaskUnreachableException(
                    "the task managers' JVMs must be started with " + FLAG + " (env.java.opts.all)", e);
        }
    }
}
