package io.queryablestate.flink;

import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The class loaders of jobs, as long as anybody else holds them. Public, as is what a job calls: to the classes that its own
 * loader has loaded, this package is another one.
 */
public final class ClassLoaders {

    private static final ConcurrentMap<String, WeakReference<ClassLoader>> SEEN = new ConcurrentHashMap<>();

    private ClassLoaders() {}

    /** Called by a job when it begins. */
    public static void seen(String job, ClassLoader classLoader) {
        SEEN.put(job, new WeakReference<>(classLoader));
    }

    /** Called by a job for each record. */
    public static void countRecord(String job) {
        Progress.of(job).incrementAndGet();
    }

    /** Whether the job began, and its class loader was not collected. */
    static boolean isAlive(String job) {
        WeakReference<ClassLoader> classLoader = SEEN.get(job);
        return classLoader != null && classLoader.get() != null;
    }

    /** Whether the job was loaded by a class loader of its own. */
    static boolean hadItsOwn(String job) {
        WeakReference<ClassLoader> classLoader = SEEN.get(job);
        return classLoader != null && !ClassLoaders.class.getClassLoader().equals(classLoader.get());
    }
}
