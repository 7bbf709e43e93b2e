package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameTrackerTest {

    private final FrameTracker tracker = new FrameTracker();

    @Test
    void shouldFindTheFirstFrame_whenAPieceBeginsWithOne() {
        assertThat(tracker.advance(new byte[] {0, 0, 0, 1, 9, 0, 0})).isZero();
    }

    @Test
    void shouldFindTheNextFrame_whenAPieceBeginsInTheMiddleOfOne() {
        tracker.advance(new byte[] {0, 0, 0, 3, 9});

        assertThat(tracker.advance(new byte[] {9, 9, 0, 0})).isEqualTo(2);
    }

    @Test
    void shouldFindNone_whenAPieceIsInsideAFrameOrItsLengthWord() {
        tracker.advance(new byte[] {0, 0});

        assertThat(tracker.advance(new byte[] {0})).isEqualTo(-1);
        assertThat(tracker.advance(new byte[] {2, 9})).isEqualTo(-1);
        assertThat(tracker.advance(new byte[] {9})).isEqualTo(-1);
        assertThat(tracker.advance(new byte[] {0})).isZero();
    }

    @Test
    void shouldFindTheNext_whenAFrameIsEmpty() {
        tracker.advance(new byte[] {0, 0, 0, 0});

        assertThat(tracker.advance(new byte[] {0})).isZero();
    }
}
