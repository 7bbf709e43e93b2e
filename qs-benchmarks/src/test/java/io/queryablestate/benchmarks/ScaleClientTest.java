package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScaleClientTest {

    private static final int SERVERS = 4;
    private static final int STATES = 3;
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Work WORK = Work.closedLoop(Hop.PROXIED, new Workload(100, 100), 8);

    private ScaleClient client;

    @BeforeEach
    void startSystem() throws IOException {
        String servers = ScaleStates.startServers(SERVERS, STATES, List.of(WORK.workload()));
        assertThat(servers.split(",", -1)).hasSize(SERVERS).doesNotHaveDuplicates();
        client = new ScaleClient(
                ScaleStates.startProxy(Stream.of(servers.split(",", -1)).toList()));
    }

    @Test
    void shouldReadRightValues_whenItAsksForManyStatesOnManyServers() throws Exception {
        LoadResult result = LoadResult.parse(client.answer(ScaleClient.overStates(STATES, WORK, SHORT)));

        assertThat(result.requests()).isGreaterThanOrEqualTo(WORK.inFlight());
    }

    @Test
    void shouldReadRightValues_whenItUsesManyConnectionsInTurn() throws Exception {
        assertThat(LoadResult.parse(client.answer(ScaleClient.overConnections(20, WORK, SHORT)))
                        .requests())
                .isGreaterThanOrEqualTo(WORK.inFlight());
        // Fewer than before: those that are too many are closed.
        assertThat(LoadResult.parse(client.answer(ScaleClient.overConnections(2, WORK, SHORT)))
                        .requests())
                .isGreaterThanOrEqualTo(WORK.inFlight());
    }

    @Test
    void shouldStillAnswer_whenOtherRequestsWaitForEver() throws Exception {
        client.answer(ScaleClient.open(2));
        client.answer(ScaleClient.waiting(50));

        assertThat(LoadResult.parse(client.answer(ScaleClient.overConnections(2, WORK, SHORT)))
                        .requests())
                .isGreaterThanOrEqualTo(WORK.inFlight());
        assertThat(client.answer(ScaleClient.close())).isEmpty();
    }

    @Test
    void shouldFail_whenAStateIsNotThere() {
        assertThatThrownBy(() -> client.answer(ScaleClient.overStates(STATES + 1_000, WORK, Duration.ofMinutes(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a request failed");
    }
}
