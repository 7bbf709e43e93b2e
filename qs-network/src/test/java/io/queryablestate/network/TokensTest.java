package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    @Test
    void shouldKnowWhoseTokenItIs_whenReadFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("tokens"), "# who asks\n\nalice  s3cret\n  bob hunter2 \n");

        Tokens tokens = Tokens.read(file);

        assertThat(tokens.isEmpty()).isFalse();
        assertThat(tokens.identify("s3cret")).contains(new Identity("alice"));
        assertThat(tokens.identify("hunter2")).contains(new Identity("bob"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cre", "s3cret ", "S3cret", "alice"})
    void shouldKnowNobody_whenTheTokenIsAnother(String token) {
        assertThat(Tokens.of(Map.of("alice", "s3cret")).identify(token)).isEmpty();
    }

    @Test
    void shouldKnowNobody_whenThereAreNoTokens() {
        assertThat(Tokens.none().isEmpty()).isTrue();
        assertThat(Tokens.none().identify("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "anonymous s3cret", "alice s3cret\nalice other", "alice s3cret\nbob s3cret"})
    void shouldRefuseAFileWithoutShowingTokens_whenALineIsWrong(String lines, @TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("tokens"), lines);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokens.read(file))
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void shouldRefuseATokenThatNoHelloCanCarry_whenItIsTooLong() {
        Map<String, String> tooLong = Map.of("alice", "x".repeat(2049));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokens.of(tooLong))
                .withMessageContaining("2049");
    }

    @Test
    void shouldSayWhichFile_whenItCannotBeRead(@TempDir Path directory) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Tokens.read(directory.resolve("nowhere")))
                .withMessageContaining("nowhere");
    }
}
