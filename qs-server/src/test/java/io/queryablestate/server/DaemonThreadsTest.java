package io.queryablestate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    private final DaemonThreads threads = new DaemonThreads("query");

    @Test
    void shouldNumberThreads_andNeverKeepTheProcessAlive() {
        assertThat(threads.newThread(() -> {}).getName()).isEqualTo("query-1");
        Thread second = threads.newThread(() -> {});
        assertThat(second.getName()).isEqualTo("query-2");
        assertThat(second.isDaemon()).isTrue();
    }

    @Test
    void shouldNotHoldOnToAJobsClasses_whenAJobsThreadNeedsANewThread() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader ofAJob = new URLClassLoader(new URL[0])) {
            Thread.currentThread().setContextClassLoader(ofAJob);
            assertThat(threads.newThread(() -> {}).getContextClassLoader()).isNotSameAs(ofAJob);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
