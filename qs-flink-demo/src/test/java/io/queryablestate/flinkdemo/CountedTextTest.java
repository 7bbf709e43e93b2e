package io.queryablestate.flinkdemo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountedTextTest {

    @Test
    void shouldFindWords_whenTextHasPunctuationAndCapitals(@TempDir Path directory) throws IOException {
        CountedText text = textOf(directory, "The cat, the  DOG - (the) 2nd.");

        assertThat(text.length()).isEqualTo(6);
        assertThat(text.words()).containsExactly("2nd", "cat", "dog", "the");
    }

    @Test
    void shouldCountOverAndOver_whenMoreIsReadThanTheTextHas(@TempDir Path directory) throws IOException {
        CountedText text = textOf(directory, "a b a c");

        assertThat(text.countAmong(0, "a")).isZero();
        assertThat(text.countAmong(1, "a")).isEqualTo(1);
        assertThat(text.countAmong(2, "a")).isEqualTo(1);
        assertThat(text.countAmong(3, "a")).isEqualTo(2);
        assertThat(text.countAmong(4, "a")).isEqualTo(2);
        assertThat(text.countAmong(4_000_000_005L, "a")).isEqualTo(2_000_000_003L);
        assertThat(text.countAmong(4_000_000_005L, "c")).isEqualTo(1_000_000_001L);
        assertThat(text.countAmong(4_000_000_005L, "d")).isZero();
    }

    @Test
    void shouldFail_whenTextHasNoWords(@TempDir Path directory) {
        assertThatThrownBy(() -> textOf(directory, " - "))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no words");
    }

    @Test
    void shouldSayWhichFile_whenThereIsNone(@TempDir Path directory) {
        assertThatThrownBy(() -> CountedText.read(directory.resolve("missing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no file")
                .hasMessageContaining("missing");
    }

    private CountedText textOf(Path directory, String content) throws IOException {
        return CountedText.read(Files.writeString(directory.resolve("text"), content));
    }
}
