package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import org.junit.jupiter.api.Test;

class ExpectedAnswersTest {

    private static final int KIB = 1024;

    private final ExpectedAnswers answers = new ExpectedAnswers();

    @Test
    void shouldAllowSome_whenNothingIsKnown() {
        assertThat(answers.limit()).isEqualTo(64);
    }

    @Test
    void shouldNotLimitSmallAnswers_fromTheFirstOn() {
        answers.answered(KIB);
        assertThat(answers.limit()).isEqualTo(1024);
        answers.answered(0);
        assertThat(answers.limit()).isGreaterThan(1024);
    }

    @Test
    void shouldAllowAMebibyte_orOneAnswer() {
        answers.answered(256 * KIB + 4);
        assertThat(answers.limit()).isEqualTo(4);
        for (int i = 0; i < 50; i++) {
            answers.answered(64 * KIB * KIB);
        }
        assertThat(answers.limit()).isEqualTo(1);
    }

    @Test
    void shouldFollowTheAverage_whenSizesDiffer() {
        answers.answered(100);
        for (int i = 1; i <= 4; i++) {
            answers.answered(256 * KIB);
        }
        assertThat(answers.limit()).isBetween(8, 12);
        for (int i = 0; i < 60; i++) {
            answers.answered(100);
        }
        assertThat(answers.limit()).isGreaterThan(1024);
    }

    @Test
    void shouldNotExpectSmallerAnswers_whenThereWasNoRoomForThem() {
        answers.answered(256 * KIB);
        answers.failed(ErrorCode.OVERLOADED);
        answers.secondHasPassed();
        assertThat(answers.limit()).isEqualTo(4);
    }

    @Test
    void shouldTakeAnyOtherFailureForASmallAnswer() {
        answers.answered(256 * KIB);
        for (int i = 0; i < 8; i++) {
            answers.failed(ErrorCode.STATE_FAILED);
        }
        assertThat(answers.limit()).isGreaterThan(8);
    }

    @Test
    void shouldAllowMoreBySeconds_onlyWhileNothingIsAnswered() {
        answers.answered(256 * KIB);
        answers.secondHasPassed();
        assertThat(answers.limit()).isEqualTo(4);

        answers.secondHasPassed();
        assertThat(answers.limit()).isEqualTo(8);
        for (int second = 0; second < 40; second++) {
            answers.secondHasPassed();
        }
        assertThat(answers.limit()).isEqualTo(KIB * KIB);
    }
}
