package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.queryablestate.messages.ErrorCode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BudgetsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void shouldGiveTenFreeRetries_whenNothingWasRequested() {
        RetryBudget budget = new RetryBudget(0);

        assertThat(retries(budget, 0)).isEqualTo(10);
        assertThat(retries(budget, SECOND / 2)).isEqualTo(5);
        // However long nobody asked: free retries are not saved up beyond a second's worth.
        assertThat(retries(budget, 100 * SECOND)).isEqualTo(10);
    }

    @Test
    void shouldGiveAFifthOfTheRequests_whenManyWereMade() {
        RetryBudget budget = new RetryBudget(0);
        retries(budget, 0);
        for (int i = 0; i < 500; i++) {
            budget.requested(1);
        }

        // A fifth is no exact number in binary.
        assertThat(retries(budget, 0)).isBetween(99, 100);
    }

    @Test
    void shouldCapTheCredit_whenRequestsAreMany() {
        RetryBudget budget = new RetryBudget(0);
        for (int i = 0; i < 1_000_000; i++) {
            budget.requested(1);
        }

        assertThat(retries(budget, 0)).isEqualTo(1_000);
    }

    @Test
    void shouldFitUpToTheLimit_whenBytesAreReserved() {
        BufferBudget budget = new BufferBudget(100);
        budget.add(60);

        assertThat(budget.fits(40)).isTrue();
        assertThat(budget.fits(41)).isFalse();
        budget.release(60);
        assertThat(budget.used()).isZero();
        assertThat(budget.limit()).isEqualTo(100);
        assertThat(budget.fits(100)).isTrue();
    }

    @Test
    void shouldRefuse_whenBufferBudgetIsEmpty() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BufferBudget(0));
        assertThat(BufferBudget.ofProcess().limit()).isPositive();
    }

    @Test
    void shouldCountEachKind_whenTold() {
        CountingStats stats = new CountingStats();
        stats.connectionOpened();
        stats.connectionOpened();
        stats.connectionClosed();
        for (int i = 0; i < 5; i++) {
            stats.requestStarted();
        }
        stats.requestSucceeded(10);
        stats.requestFailed(ErrorCode.OVERLOADED, 20);
        stats.requestFailed(ErrorCode.FORBIDDEN, 30);
        stats.requestAbandoned();
        stats.requestRetried();

        assertThat(stats.retries()).isEqualTo(1);
        assertThat(stats.connections()).isEqualTo(2);
        assertThat(stats.openConnections()).isEqualTo(1);
        assertThat(stats.requests()).isEqualTo(5);
        assertThat(stats.successes()).isEqualTo(1);
        assertThat(stats.failures()).isEqualTo(2);
        assertThat(stats.failures(ErrorCode.OVERLOADED)).isEqualTo(1);
        assertThat(stats.abandoned()).isEqualTo(1);
        assertThat(stats.inFlight()).isEqualTo(1);
        assertThat(stats.totalNanos()).isEqualTo(60);
        assertThat(stats).hasToString("5 requests, 1 answered, 2 failed, 1 abandoned, 1 retries, 1 connections open");
    }

    private static int retries(RetryBudget budget, long nowNanos) {
        int retries = 0;
        while (budget.tryRetry(nowNanos)) {
            retries++;
        }
        return retries;
    }
}
