package io.queryablestate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadLeaseTest {

    private static final long LONG = Duration.ofSeconds(10).toNanos();

    private final ReadLease lease = new ReadLease();

    @Test
    void shouldGiveLeases_whileOpen() {
        assertThat(lease.acquire()).isTrue();
        assertThat(lease.acquire()).isTrue();
        assertThat(lease.out()).isEqualTo(2);
        assertThat(lease.isRefused()).isFalse();
    }

    @Test
    void shouldGiveNoLease_whenRefused() {
        lease.refuse();
        assertThat(lease.acquire()).isFalse();
        assertThat(lease.out()).isZero();
        assertThat(lease.isRefused()).isTrue();
    }

    @Test
    void shouldNotWait_whenNoLeaseIsOut() {
        assertThat(lease.acquire()).isTrue();
        lease.release();
        lease.refuse();
        assertThat(lease.awaitReturned(0)).isTrue();
    }

    @Test
    void shouldTimeOut_whenALeaseIsOut() {
        assertThat(lease.acquire()).isTrue();
        lease.refuse();
        assertThat(lease.awaitReturned(1)).isFalse();
    }

    @Test
    void shouldWaitForTheLastLease_whenRefusedTwice() {
        assertThat(lease.acquire()).isTrue();
        assertThat(lease.acquire()).isTrue();
        lease.refuse();
        lease.refuse();
        lease.release();
        assertThat(lease.awaitReturned(0)).isFalse();
        lease.release();
        assertThat(lease.awaitReturned(0)).isTrue();
    }

    @Test
    void shouldTimeOut_whenNeverRefused() {
        assertThat(lease.awaitReturned(1)).isFalse();
    }

    @Test
    void shouldGoOnWaitingAndRestoreTheFlag_whenInterrupted() throws Exception {
        assertThat(lease.acquire()).isTrue();
        lease.refuse();
        CompletableFuture<Boolean> interruptedAfter = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            boolean returned = lease.awaitReturned(LONG);
            interruptedAfter.complete(returned && Thread.currentThread().isInterrupted());
        });
        closer.start();
        closer.interrupt();
        // The wait swallows the interrupt, so the flag is seen cleared only once the thread is back to waiting.
        await().until(() -> !closer.isInterrupted());
        assertThat(interruptedAfter).isNotDone();
        lease.release();
        assertThat(interruptedAfter.get(10, TimeUnit.SECONDS)).isTrue();
        closer.join(TimeUnit.SECONDS.toMillis(10));
    }
}
