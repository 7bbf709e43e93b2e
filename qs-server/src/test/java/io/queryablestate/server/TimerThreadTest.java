package io.queryablestate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerThreadTest {

    @Test
    void shouldRunTasksInTime_alsoAfterOneThatThrows() throws InterruptedException {
        TimerThread timer = new TimerThread(new DaemonThreads("test-timer"));
        try {
            long start = System.nanoTime();
            CountDownLatch ran = new CountDownLatch(1);
            timer.schedule(0, () -> {
                throw new IllegalStateException("task");
            });
            timer.schedule(Duration.ofMillis(5).toNanos(), ran::countDown);
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5_000_000);
        } finally {
            timer.stop();
        }
    }

    @Test
    void shouldEndItsThreadAndDropTasks_whenStopped() throws InterruptedException {
        Thread[] made = new Thread[1];
        TimerThread timer = new TimerThread(task -> made[0] = new DaemonThreads("test-timer").newThread(task));
        CountDownLatch ran = new CountDownLatch(1);
        timer.schedule(Duration.ofMinutes(1).toNanos(), ran::countDown);
        timer.stop();
        timer.schedule(0, ran::countDown);
        made[0].join(10_000);
        assertThat(made[0].isAlive()).isFalse();
        assertThat(ran.getCount()).isEqualTo(1);
    }
}
