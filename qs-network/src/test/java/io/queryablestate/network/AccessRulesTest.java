package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

    private static final JobId JOB = JobId.parse("5d1a9c0e5d1a9c0e5d1a9c0e5d1a9c0e");
    private static final JobId OTHER_JOB = JobId.parse("00000000000000000000000000000001");
    private static final Identity ALICE = new Identity("alice");

    private final Path directory;

    AccessRulesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldAllowWhatARuleSays_whenJobStateAndIdentityMatch() throws Exception {
        AccessRules rules = rules("# comment\n\n" + JOB + " counts alice\n");

        assertThat(rules.mayRead(ALICE, JOB, "counts")).isTrue();
        assertThat(rules.mayRead(ALICE, OTHER_JOB, "counts")).isFalse();
        assertThat(rules.mayRead(ALICE, JOB, "counts2")).isFalse();
        assertThat(rules.mayRead(new Identity("bob"), JOB, "counts")).isFalse();
        assertThat(rules.mayRead(Identity.ANONYMOUS, JOB, "counts")).isFalse();
    }

    @Test
    void shouldAllowNothing_whenThereAreNoRules() throws Exception {
        assertThat(rules("").mayRead(ALICE, JOB, "counts")).isFalse();
    }

    @Test
    void shouldAllowEverybody_whenTheIdentityIsAStar() throws Exception {
        assertThat(rules("* public *").mayRead(Identity.ANONYMOUS, JOB, "public"))
                .isTrue();
    }

    @Test
    void shouldTakeAStarInANameLiterally_whenAPeerHasIt() throws Exception {
        AccessRules rules = rules("* counts alice");

        assertThat(rules.mayRead(ALICE, JOB, "*")).isFalse();
        assertThat(rules.mayRead(new Identity("*"), JOB, "counts")).isFalse();
    }

    @Test
    void shouldKnowASubjectWithBlanks_whenItEndsTheLine() throws Exception {
        AccessRules rules = rules("*\tshop-*\tCN=Weekly Reports, O=Shop");

        assertThat(rules.mayRead(new Identity("CN=Weekly Reports, O=Shop"), JOB, "shop-eu"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "shop-*, shop-, true",
        "shop-*, shop, false",
        "*-eu, shop-eu, true",
        "*-eu, shop-us, false",
        "a*a, a, false",
        "a*a, aa, true",
        "a*b*c, abbc, true",
        "a*b*c, acb, false",
        "*b*, abc, true",
        "*b*, ac, false",
        "ab*ba*ab, abab, false",
        "ab*ba*ab, abbaab, true",
        "**, x, true"
    })
    void shouldMatchAnyText_whereThePatternHasAStar(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"counts alice", "shop counts alice", "* counts"})
    void shouldRefuseAFile_whenALineIsOfAnotherForm(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> rules(line));
    }

    private AccessRules rules(String lines) throws IOException {
        return AccessRules.read(Files.writeString(directory.resolve("permissions"), lines));
    }
}
