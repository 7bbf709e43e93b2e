package io.queryablestate.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BufferLeakExtensionTest {

    private final Logger detector = Logger.getLogger("io.netty.util.ResourceLeakDetector");

    @BeforeEach
    void keepExpectedLeaksOutOfTheLog() {
        detector.setLevel(Level.OFF);
    }

    @AfterEach
    void logLeaksAgain() {
        detector.setLevel(null);
    }

    @Test
    void shouldFindEachLeak_whenBuffersAreNotReleased() {
        leak();

        assertThat(BufferLeakExtension.findLeaks())
                .hasSize(2)
                .allMatch(leak -> leak.contains("BufferLeakExtensionTest"));
        assertThat(BufferLeakExtension.findLeaks()).isEmpty();
    }

    @Test
    void shouldFindNothing_whenBuffersAreReleased() {
        PooledByteBufAllocator.DEFAULT.buffer(16).release();

        assertThat(BufferLeakExtension.findLeaks()).isEmpty();
    }

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
        UnpooledByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
    }
}
