package io.queryablestate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void shouldFindRunsOfLettersAndDigitsInLowerCase_whenOthersAreBetween() {
        assertThat(Words.in("To be, or not: 2 B\tÜber-𝒜ll."))
                .containsExactly("to", "be", "or", "not", "2", "b", "über", "𝒜ll");
        assertThat(Words.in("word")).containsExactly("word");
        assertThat(Words.in(" .\n")).isEmpty();
    }

    @Test
    void shouldAgree_whenCountedInTheTwoWays() {
        String text = "To be, or not to be: that is the question. Être ou ne pas être 1.5 İx 𝒜 a_b";

        assertThat(Words.independentCounts(text, Words.in(text).size()))
                .isEqualTo(Words.in(text).stream()
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
    }

    @Test
    void shouldGoOnWithTheFirstWord_whenMoreAreCountedThanThereAre() {
        assertThat(Words.independentCounts("a b a c", 6)).isEqualTo(Map.of("a", 3L, "b", 2L, "c", 1L));
        assertThat(Words.independentCounts("a b a c", 2)).isEqualTo(Map.of("a", 1L, "b", 1L));
        assertThat(Words.independentCounts("", 2)).isEmpty();
    }
}
