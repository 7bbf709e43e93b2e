package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLoopContextTest {

    private final TestChannel loop = new TestChannel();
    private final List<Long> looks = new ArrayList<>();
    private final EventLoopContext.Watched connection = looks::add;

    @Test
    void shouldLookOnceASecond_whileConnectionsAreWatched() {
        loop.context.watch(connection);
        loop.advance(Duration.ofMillis(3_500));
        assertThat(looks).hasSize(3);
        loop.context.unwatch(connection);
        loop.advance(Duration.ofSeconds(3));

        assertThat(looks).hasSize(3);
        assertThat(loop.channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void shouldLookOnceASecond_whenWatchedAgainBeforeTheTimerNoticed() {
        loop.context.watch(connection);
        loop.context.unwatch(connection);
        loop.context.watch(connection);
        loop.advance(Duration.ofMillis(2_500));

        assertThat(looks).hasSize(2);
    }

    @Test
    void shouldLookAtTheOthers_whenOneThrows() {
        loop.context.watch(now -> {
            throw new IllegalStateException("expected");
        });
        loop.context.watch(connection);
        loop.advance(Duration.ofMillis(2_500));

        assertThat(looks).hasSize(2);
    }
}
