package io.queryablestate.gates;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Stalls stalls = new Stalls();
    private final Ledger ledger = new Ledger(stalls);

    @AfterEach
    void stop() {
        stalls.close();
    }

    @Test
    void shouldCountARequestAsPending_whenItHasNotEnded() {
        CompletableFuture<Optional<byte[]>> request = follow(DEADLINE, System.nanoTime(), null);

        assertThat(ledger.pending()).isOne();
        assertThat(ledger.awaitAll(Duration.ofMillis(1))).isFalse();
        request.complete(Optional.empty());
        assertThat(ledger.pending()).isZero();
        assertThat(ledger.ok()).isOne();
    }

    @Test
    void shouldCountWrongValues_whenTheCheckFindsAFault() {
        follow(DEADLINE, System.nanoTime(), "torn").complete(Optional.empty());

        assertThat(ledger.wrongValues()).isOne();
        assertThat(ledger.ok()).isZero();
        assertThat(ledger.samples()).containsExactly("wrong: torn");
    }

    @Test
    void shouldTellTypedFromUntypedErrors_whenRequestsFail() {
        follow(DEADLINE, System.nanoTime(), null)
                .completeExceptionally(new CompletionException(new QueryableStateException(ErrorCode.OVERLOADED, "x")));
        follow(DEADLINE, System.nanoTime(), null).completeExceptionally(new IllegalStateException("x"));

        assertThat(ledger.errors(ErrorCode.OVERLOADED)).isOne();
        assertThat(ledger.typedErrors()).isOne();
        assertThat(ledger.untypedErrors()).isOne();
    }

    @Test
    void shouldCountLateRequests_whenTheyEndLongAfterTheirDeadline() {
        long longAgo = System.nanoTime() - Duration.ofSeconds(20).toNanos();
        follow(DEADLINE, longAgo, null).complete(Optional.empty());
        follow(Duration.ofSeconds(60), longAgo, null).complete(Optional.empty());

        assertThat(ledger.lateRequests()).isOne();
        assertThat(ledger.latestMillis()).isGreaterThanOrEqualTo(10_000);
    }

    private CompletableFuture<Optional<byte[]>> follow(Duration deadline, long start, @Nullable String fault) {
        return ledger.follow(deadline, new CompletableFuture<>(), start, (answer, began, ended) -> fault);
    }
}
