package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"host:1", "10.0.0.1:65535", "[::1]:9069"})
    void shouldPrintWhatItParsed(String text) {
        assertThat(ServerAddress.parse(text)).hasToString(text);
    }

    @Test
    void shouldDropTheBrackets_whenHostIsIpv6() {
        assertThat(ServerAddress.parse("[::1]:9069")).isEqualTo(new ServerAddress("::1", 9069));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":1", " :1", "host:", "host:0", "host:65536", "host:-1", "host:x", "::1:9069"})
    void shouldRefuse_whenTextIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ServerAddress.parse(text));
    }
}
