package io.queryablestate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTypeTest {

    @Test
    void shouldReadKeysOfEachType_whenTheyAreWellFormed() {
        assertThat((Object) KeyType.of("string").parse(" a ")).isEqualTo(" a ");
        assertThat((Object) KeyType.of("boolean").parse("true")).isEqualTo(true);
        assertThat((Object) KeyType.of("byte").parse("-128")).isEqualTo((byte) -128);
        assertThat((Object) KeyType.of("short").parse("7")).isEqualTo((short) 7);
        assertThat((Object) KeyType.of("int").parse("-7")).isEqualTo(-7);
        assertThat((Object) KeyType.of("long").parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat((Object) KeyType.of("float").parse("1.5")).isEqualTo(1.5f);
        assertThat((Object) KeyType.of("double").parse("1e3")).isEqualTo(1000.0);
        assertThat((Object) KeyType.of("bigdecimal").parse("1.50")).isEqualTo(new BigDecimal("1.50"));
        assertThat((Object) KeyType.of("instant").parse("1970-01-01T00:00:00Z")).isEqualTo(Instant.EPOCH);
    }

    @Test
    void shouldReadTheConstantOfAnInteger_whenThereIsOne() {
        assertThat((Object) KeyType.of("biginteger").parse("10")).isSameAs(BigInteger.TEN);
        assertThat((Object) KeyType.of("biginteger").parse("18446744073709551616"))
                .isEqualTo(BigInteger.TWO.pow(64));
    }

    @ParameterizedTest
    @CsvSource({
        "boolean,yes",
        "byte,128",
        "short,x",
        "int,2147483648",
        "long,1.5",
        "float,one",
        "double,''",
        "biginteger,1.0",
        "bigdecimal,x",
        "instant,yesterday"
    })
    void shouldSayWhatIsExpected_whenTheTextIsNotAKey(String type, String text) {
        KeyType<?> keyType = KeyType.of(type);

        assertThatThrownBy(() -> keyType.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessage("the key \"" + text + "\" is not of type " + type + ", which is " + keyType.example());
    }

    @Test
    void shouldNameTheTypesThatThereAre_whenKeysHaveNoText() {
        assertThatThrownBy(() -> KeyType.of("tuple2<long,long>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be written on a command line")
                .hasMessageContaining("long, short, string");
    }

    @Test
    void shouldRefuse_whenTheTypeCannotBeAKey() {
        assertThatThrownBy(() -> KeyType.of("bytes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a key");
    }
}
