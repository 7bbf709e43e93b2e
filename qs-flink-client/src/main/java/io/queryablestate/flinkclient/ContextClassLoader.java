package io.queryablestate.flinkclient;

import org.jspecify.annotations.Nullable;

/** Another context class loader for the current thread, for as long as some work takes. Flink's serializers use it. */
final class ContextClassLoader {

    private ContextClassLoader() {}

    /** Works with that class loader; with the thread's own if it is null. */
    static <R, E extends Exception> @Nullable R with(@Nullable ClassLoader classLoader, Work<R, E> work) throws E {
        if (classLoader == null) {
            return work.run();
        }
        Thread thread = Thread.currentThread();
        ClassLoader former = thread.getContextClassLoader();
        thread.setContextClassLoader(classLoader);
        try {
            return work.run();
        } finally {
            thread.setContextClassLoader(former);
        }
    }

    /** Something that has a result or fails. */
    @FunctionalInterface
    interface Work<R, E extends Exception> {
        @Nullable
        R run() throws E;
    }
}
