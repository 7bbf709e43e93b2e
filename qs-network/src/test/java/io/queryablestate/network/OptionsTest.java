package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void shouldAskByWhichAddressOthersReachIt_whenAServerListensOnAll() {
        assertRefused(ServerOptions.builder().bindHost("0.0.0.0")::build);
        assertThat(ServerOptions.builder()
                        .bindHost("0.0.0.0")
                        .advertisedHost("tm-1")
                        .build()
                        .advertisedHost())
                .isEqualTo("tm-1");
    }

    @Test
    void shouldListenOnLoopbackOnAnyPort_whenNothingIsSaid() {
        ServerOptions options = ServerOptions.builder().build();

        assertThat(options.bindHost()).isEqualTo("127.0.0.1");
        assertThat(options.advertisedHost()).isEqualTo("127.0.0.1");
        assertThat(options.ports().ports()).containsExactly(0);
        assertThat(options.maxRequestBytes()).isEqualTo(1024 * 1024);
        assertThat(options.maxInFlight()).isEqualTo(1024);
        assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.drainTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void shouldRefuse_whenServerOptionsAreOutOfRange() {
        assertRefused(ServerOptions.builder().bindHost(" ")::build);
        assertRefused(ServerOptions.builder().eventLoopThreads(0)::build);
        assertRefused(ServerOptions.builder().maxRequestBytes(0)::build);
        assertRefused(ServerOptions.builder().maxInFlight(0)::build);
        assertRefused(ServerOptions.builder().requestTimeout(Duration.ZERO)::build);
        assertRefused(ServerOptions.builder().drainTimeout(Duration.ofMillis(-1))::build);
    }

    @Test
    void shouldRefuse_whenConnectionOptionsAreOutOfRange() {
        assertRefused(ConnectionOptions.builder().connectTimeout(Duration.ofNanos(1))::build);
        assertRefused(ConnectionOptions.builder().maxResponseBytes(0)::build);
        assertRefused(ConnectionOptions.builder().maxInFlight(0)::build);
        assertRefused(ConnectionOptions.builder().maxWaiting(-1)::build);
    }

    @Test
    void shouldAllowVersion1_onlyWithoutAToken() {
        assertThat(ConnectionOptions.builder().build().allowsVersion1()).isTrue();
        assertThat(ConnectionOptions.builder().token("secret").build().allowsVersion1())
                .isFalse();
    }

    private static void assertRefused(Runnable build) {
        assertThatIllegalArgumentException().isThrownBy(build::run);
    }
}
