package io.queryablestate.client;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryableStateClientBuilderTest {

    @Test
    void shouldRefuseToBuild_whenThereIsNoProxy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryableStateClient.builder().build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", "host:x", ":9069", "host:70000", "host:-1", "a:1,", ",a:1"})
    void shouldRefuseAddresses_whenTheyAreMalformed(String proxies) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryableStateClient.builder().proxies(proxies));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, 1_000_000})
    void shouldRefuseAPort_whenItIsOutOfRange(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryableStateClient.builder().proxy("host", port));
    }

    @Test
    void shouldRefuseToBuild_whenAnOptionIsOutOfItsRange() {
        assertRefused(options -> options.requestTimeout(Duration.ZERO));
        assertRefused(options -> options.requestTimeout(Duration.ofMillis(-1)));
        assertRefused(options -> options.requestTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        assertRefused(options -> options.connectTimeout(Duration.ZERO));
        assertRefused(options -> options.maxAttempts(0));
        assertRefused(options -> options.maxOpenRequests(0));
        assertRefused(options -> options.maxInFlightPerConnection(0));
        assertRefused(options -> options.maxResponseBytes(0));
        assertRefused(options -> options.eventLoopThreads(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE})
    void shouldRefuseATimeout_whenItIsOutOfItsRange(long seconds) {
        try (QueryableStateClient client =
                QueryableStateClient.builder().proxy("localhost", 1).build()) {
            QueryableState<String, Long> state =
                    client.state(TestClient.JOB, "counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
            assertThatIllegalArgumentException().isThrownBy(() -> state.withTimeout(Duration.ofSeconds(seconds)));
        }
    }

    private static void assertRefused(UnaryOperator<QueryableStateClientBuilder> options) {
        QueryableStateClientBuilder builder = QueryableStateClient.builder().proxy("localhost", 9069);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.apply(builder).build());
    }
}
