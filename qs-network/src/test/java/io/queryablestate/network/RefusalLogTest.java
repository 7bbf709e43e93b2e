package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {

    private final AtomicLong now = new AtomicLong();
    private final Logger logger = (Logger) LoggerFactory.getLogger("refusals");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final RefusalLog log = new RefusalLog(logger, "Test Server", now::get);

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void shouldWarnOnceASecond_whenOneHostIsRefusedAgainAndAgain() throws Exception {
        for (int i = 0; i < 100; i++) {
            log.refused(peer(1, 1000 + i), "no token was shown");
        }
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        log.refused(peer(1, 2000), "no token was shown");

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Test Server refused /10.0.0.1:1000: no token was shown (0 more since the last warning)",
                        "Test Server refused /10.0.0.1:2000: no token was shown (99 more since the last warning)");
    }

    @Test
    void shouldWarnOfEachHost_whenSeveralAreRefused() throws Exception {
        log.refused(peer(1, 1000), "a");
        log.refused(peer(2, 1000), "b");

        assertThat(lines.list).hasSize(2);
    }

    @Test
    void shouldStayBounded_whenVeryManyHostsAreRefused() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            log.refused(
                    new InetSocketAddress(
                            InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}), 1),
                    "x");
        }

        assertThat(lines.list).hasSize(1024);
    }

    @Test
    void shouldKeepALineALine_whenThePeersWordsAreNotPrintable() throws Exception {
        log.refused(peer(1, 1000), "state \"a\nERROR b\u001b[0m\" " + "x".repeat(1_000));

        assertThat(lines.list.get(0).getFormattedMessage())
                .contains("state \"a?ERROR b?[0m\"")
                .hasSizeLessThan(400);
    }

    private static InetSocketAddress peer(int host, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), port);
    }
}
