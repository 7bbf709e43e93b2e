package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLogTest.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    // Close to the overflow, where comparing nano times by < goes wrong.
    private long now = Long.MAX_VALUE - Duration.ofMillis(500).toNanos();
    private final RateLimitedLog log = new RateLimitedLog(logger, () -> now);

    @BeforeEach
    void start() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
    }

    @Test
    void shouldWarnOnceASecond_andCountTheRest() {
        for (int i = 0; i < 10; i++) {
            log.warn("read failed", new IllegalStateException());
        }
        now += Duration.ofMillis(999).toNanos();
        log.warn("read failed", new IllegalStateException());
        now += Duration.ofMillis(1).toNanos();
        log.warn("read failed again", new IllegalStateException());
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "read failed (0 more since the last warning)",
                        "read failed again (10 more since the last warning)");
    }

    @Test
    void shouldNotThrow_whenTheErrorCannotBePrinted() {
        log.warn("read failed", new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("in getMessage");
            }
        });
        assertThat(logged.list).hasSize(1);
    }
}
