package io.queryablestate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextFormatTest {

    @Test
    void shouldKeepStringsOnOneLine_whenTheyHaveSeveral() {
        assertThat(TextFormat.format("a\tb\r\nc\u0007ü\u2028")).isEqualTo("a\\tb\\r\\nc\\u0007ü\\u2028");
    }

    @Test
    void shouldNotLookAbsentOrFailed_whenAStringSaysSo() {
        assertThat(TextFormat.format(TextFormat.ABSENT)).isEqualTo("\\\\absent");
        assertThat(TextFormat.format("\\failed CODE")).isEqualTo("\\\\failed CODE");
    }

    @Test
    void shouldWriteOtherTypesPlainly_whenTheyHaveAText() {
        assertThat(TextFormat.format(-7L)).isEqualTo("-7");
        assertThat(TextFormat.format(Double.NaN)).isEqualTo("NaN");
        assertThat(TextFormat.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(TextFormat.format(new byte[] {1, 2})).isEqualTo("0102");
        assertThat(TextFormat.format(List.of("a", "b"))).isEqualTo("[\"a\",\"b\"]");
    }
}
