package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What finds wrong answers has to find them. */
class HistoryTest {

    private final History history = new History();

    @BeforeEach
    void writeTenVersions() {
        history.opened("attempt 0", 0);
        for (long version = 1; version <= 10; version++) {
            write(1, version);
        }
    }

    @Test
    void shouldAcceptWhatIsThereAndWhatComesMeanwhile() {
        History.Before before = history.before("key");

        assertLegal(before, 1, 10);
        write(1, 11);
        assertLegal(before, 1, 11);
    }

    @Test
    void shouldRefuseAnOlderVersion_whenNothingHasFailed() {
        assertWrong(history.before("key"), value(1, 9));
    }

    @Test
    void shouldRefuseAnAbsentKey_whenItWasWritten() {
        assertWrong(history.before("key"), Optional.empty());
    }

    @Test
    void shouldRefuseWhatNobodyHasWritten() {
        assertWrong(history.before("key"), value(1, 11));
        assertWrong(history.before("key"), value(2, 10));
    }

    @Test
    void shouldRefuseAnotherKeyAndDamagedBytes() {
        history.writing(new VersionedValue("other", 1, 10));

        assertWrong(history.before("key"), Optional.of(new VersionedValue("other", 1, 10).toString()));
        assertWrong(history.before("key"), value(1, 10).map(text -> text.replace("|10|", "|11|")));
    }

    @Test
    void shouldAcceptTheLastCheckpointAndNothingBeforeIt_whenTheJobHasRestarted() {
        history.saved(Map.of("key", 5L));
        History.Before beforeTheFailure = history.before("key");
        history.opened("attempt 1", 0);

        assertLegal(beforeTheFailure, 1, 5);
        assertLegal(history.before("key"), 1, 5);
        assertWrong(history.before("key"), value(1, 4));
        assertWrong(history.before("key"), Optional.empty());
    }

    @Test
    void shouldRefuseTheOldIncarnation_whenTheNewOneHasWritten() {
        history.opened("attempt 1", 0);
        write(2, 6);

        assertLegal(history.before("key"), 2, 6);
        assertWrong(history.before("key"), value(1, 10));
    }

    @Test
    void shouldRefuseToGoBackBehindAnAnswer_whenItsWriterHasNotYetSaidSo() {
        history.writing(new VersionedValue("key", 1, 11));
        assertLegal(history.before("key"), 1, 11);

        assertWrong(history.before("key"), value(1, 10));
    }

    @Test
    void shouldBeginANewIncarnation_whenASubtaskOpensAgainUnderANewJobMaster() {
        history.opened("attempt 0", 1);
        history.opened("attempt 0", 0);

        assertLegal(history.before("key"), 1, 10);
        write(2, 6);
        assertLegal(history.before("key"), 2, 6);
    }

    private void write(int incarnation, long version) {
        VersionedValue value = new VersionedValue("key", incarnation, version);
        history.writing(value);
        history.written(value);
    }

    private static Optional<String> value(int incarnation, long version) {
        return Optional.of(new VersionedValue("key", incarnation, version).toString());
    }

    private void assertLegal(History.Before before, int incarnation, long version) {
        assertThatCode(() -> history.check(before, value(incarnation, version))).doesNotThrowAnyException();
    }

    private void assertWrong(History.Before before, Optional<String> answer) {
        assertThatThrownBy(() -> history.check(before, answer)).isInstanceOf(AssertionError.class);
    }
}
