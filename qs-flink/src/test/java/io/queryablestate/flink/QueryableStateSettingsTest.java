package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.network.ServerOptions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.taskexecutor.QueryableStateConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryableStateSettingsTest {

    private final Configuration configuration = new Configuration();

    @Test
    void shouldListenWhereFlinkDoes_whenNothingIsSet() {
        ServerOptions options =
                QueryableStateSettings.of(configuration).serverOptions(TestServices.arguments("10.1.2.3", 9069));

        assertThat(options.bindHost()).isEqualTo("10.1.2.3");
        assertThat(options.advertisedHost()).isEqualTo("10.1.2.3");
        assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.ports().ports()).containsExactly(9069);
    }

    @Test
    void shouldTakeWhatIsSet() {
        configuration.setString("queryable-state.bind-host", "0.0.0.0");
        configuration.setString("queryable-state.advertised-host", "tm-1.flink");
        configuration.setString("queryable-state.request-timeout", "500 ms");
        configuration.setString("queryable-state.owner-share", "0.25");
        configuration.setString("queryable-state.response-limit", "1 mb");
        configuration.setString("queryable-state.rocksdb-reads", "concurrent-with-maps");
        configuration.setString("queryable-state.allow-unchecked-keys", "true");

        QueryableStateSettings settings = QueryableStateSettings.of(configuration);

        assertThat(settings)
                .isEqualTo(new QueryableStateSettings(
                        "0.0.0.0",
                        "tm-1.flink",
                        Duration.ofMillis(500),
                        0.25,
                        MemorySize.ofMebiBytes(1),
                        RocksDbReads.CONCURRENT_WITH_MAPS,
                        true,
                        SecuritySettings.of(new Configuration())));
        ServerOptions options = settings.serverOptions(TestServices.arguments("10.1.2.3", 9069));
        assertThat(options.bindHost()).isEqualTo("0.0.0.0");
        assertThat(options.advertisedHost()).isEqualTo("tm-1.flink");
    }

    @Test
    void shouldTakeASystemProperty_whenThereIsOne() {
        System.setProperty("queryable-state.owner-share", "0.5");
        try {
            assertThat(QueryableStateSettings.load().ownerShare()).isEqualTo(0.5);
        } finally {
            System.clearProperty("queryable-state.owner-share");
        }
        assertThat(QueryableStateSettings.load().ownerShare()).isEqualTo(0.1);
    }

    @Test
    void shouldRefuseAResponseLimitThatNoFrameCanHold() {
        configuration.setString("queryable-state.response-limit", "2 gb");

        assertThatThrownBy(() -> QueryableStateSettings.of(configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("queryable-state.response-limit must be 1 byte to 1 GiB");
    }

    @ParameterizedTest
    @CsvSource({
        "queryable-state.owner-share, 1.5, must be 0.001 to 1.0",
        "queryable-state.owner-share, NaN, must be 0.001 to 1.0",
        "queryable-state.owner-share, some, Could not parse",
        "queryable-state.request-timeout, 0 ms, must be 1 ms to 5 min",
        "queryable-state.request-timeout, 6 min, must be 1 ms to 5 min",
        "queryable-state.request-timeout, soon, Could not parse",
        "queryable-state.response-limit, 0, must be 1 byte to 1 GiB",
        "queryable-state.rocksdb-reads, parallel, Could not parse",
    })
    void shouldNameTheSetting_whenItIsWrong(String key, String value, String reason) {
        configuration.setString(key, value);

        assertThatThrownBy(() -> QueryableStateSettings.of(configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldTakeTheOldNamesOfFlinksOwnSettings_asFlinkDoes() {
        configuration.setString("queryable-state.enable", "true");
        configuration.setString("query.proxy.ports", "50100");
        configuration.setString("query.server.query-threads", "3");

        QueryableStateConfiguration flink = QueryableStateConfiguration.fromConfiguration(configuration);

        assertThat(flink.getProxyPortRange().next()).isEqualTo(50100);
        assertThat(flink.numStateQueryThreads()).isEqualTo(3);
    }

    @Test
    void shouldKeepPortsInTheOrderInWhichTheyWereWritten() {
        configuration.setString("queryable-state.enable", "true");
        configuration.setString("queryable-state.proxy.ports", "50100-50102,51234,50090");
        Iterator<Integer> ports =
                QueryableStateConfiguration.fromConfiguration(configuration).getProxyPortRange();

        assertThat(QueryableStateSettings.portRange(ports).ports()).containsExactly(50100, 50101, 50102, 51234, 50090);
        assertThat(QueryableStateSettings.portRange(List.of(0).iterator()).ports())
                .containsExactly(0);
        assertThat(QueryableStateSettings.portRange(
                                IntStream.rangeClosed(0, 65_535).iterator())
                        .toString())
                .isEqualTo("0-65535");
    }
}
