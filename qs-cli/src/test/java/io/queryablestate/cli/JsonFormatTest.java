package io.queryablestate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.serialization.TimeWindow;
import io.queryablestate.client.serialization.Tuple2;
import io.queryablestate.client.serialization.Tuple5;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

    @Test
    void shouldEscapeQuotesBackslashesAndControlCharacters_whenInAString() {
        assertThat(JsonFormat.format("a\"b\\c\n\u0000\u2028ü")).isEqualTo("\"a\\\"b\\\\c\\u000a\\u0000\\u2028ü\"");
    }

    @Test
    void shouldKeepPairsAndEscapeHalves_whenThereAreSurrogates() {
        assertThat(JsonFormat.format("😀")).isEqualTo("\"😀\"");
        assertThat(JsonFormat.format("\ud83dx\ude00")).isEqualTo("\"\\ud83dx\\ude00\"");
        assertThat(JsonFormat.format("\ud83d")).isEqualTo("\"\\ud83d\"");
    }

    @Test
    void shouldKeepAllDigits_whenItIsANumber() {
        assertThat(JsonFormat.format(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(JsonFormat.format(new BigDecimal("1.50"))).isEqualTo("1.50");
        assertThat(JsonFormat.format(1.5f)).isEqualTo("1.5");
        assertThat(JsonFormat.format(true)).isEqualTo("true");
    }

    @Test
    void shouldWriteAString_whenJsonHasNoSuchNumber() {
        assertThat(JsonFormat.format(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(JsonFormat.format(Float.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
    }

    @Test
    void shouldWriteTextForms_whenItIsATimeOrBytes() {
        assertThat(JsonFormat.format(Instant.EPOCH)).isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(JsonFormat.format(new byte[] {0, (byte) 0xff})).isEqualTo("\"00ff\"");
        assertThat(JsonFormat.format(null)).isEqualTo("null");
    }

    @Test
    void shouldNest_whenItIsAListOrATuple() {
        assertThat(JsonFormat.format(Arrays.asList(1, null, List.of("a")))).isEqualTo("[1,null,[\"a\"]]");
        assertThat(JsonFormat.format(new Tuple2<>("a", null))).isEqualTo("[\"a\",null]");
        assertThat(JsonFormat.format(new Tuple5<>(1, 2, 3, 4, List.of()))).isEqualTo("[1,2,3,4,[]]");
    }

    @Test
    void shouldWriteAnObject_whenTheKeysOfAMapHaveText() {
        assertThat(JsonFormat.format(Map.of("a\"", 1))).isEqualTo("{\"a\\\"\":1}");
        assertThat(JsonFormat.format(Map.of(7L, "x"))).isEqualTo("{\"7\":\"x\"}");
        assertThat(JsonFormat.format(Map.of())).isEqualTo("{}");
    }

    @Test
    void shouldWritePairs_whenTheKeysOfAMapHaveNoText() {
        assertThat(JsonFormat.format(Map.of(List.of(1), 2))).isEqualTo("[[[1],2]]");
        assertThat(JsonFormat.format(Collections.singletonMap(null, 2))).isEqualTo("[[null,2]]");
    }

    @Test
    void shouldNameTheEnds_whenItIsAWindow() {
        assertThat(JsonFormat.format(new TimeWindow(1, 2))).isEqualTo("{\"start\":1,\"end\":2}");
    }
}
