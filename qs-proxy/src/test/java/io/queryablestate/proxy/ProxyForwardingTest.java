package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.MessageType;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The good path, in both versions on both sides. */
class ProxyForwardingTest {

    private static final byte[] KEY = {1, 2, 3, 42, 0};
    private static final int HASH = 4711;

    private ProxyRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new ProxyRig();
    }

    @AfterEach
    void stop() {
        rig.close();
        assertThat(rig.stats.inFlight()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,1", "2,2"})
    void shouldCarryRequestAndValueUnchanged(int clientVersion, int serverVersion) throws Exception {
        byte[] value = {9, 8, 7};
        try (FakeStateServer server = FakeStateServer.version(serverVersion, request -> request.value(value));
                RawClient client = RawClient.version(
                        clientVersion, rig.place(server.address()).address())) {
            long id = client.ask(KEY, HASH, 1_000);
            RawClient.Answer answer = client.read();

            assertThat(answer.type()).isEqualTo(MessageType.RESULT);
            assertThat(answer.id()).isEqualTo(id);
            assertThat(answer.body()).isEqualTo(value);
            assertThat(server.requests()).hasSize(1);
            FakeStateServer.Request request = server.requests().get(0);
            assertThat(request.kvStateId()).isEqualTo(Locations.KV_STATE);
            assertThat(request.key()).isEqualTo(KEY);
            assertThat(request.keyGroup())
                    .isEqualTo(
                            serverVersion == 1
                                    ? KvStateInternalRequestCodec.NO_KEY_GROUP
                                    : KeyGroups.of(HASH, Locations.KEY_GROUPS));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,1", "2,2"})
    void shouldCarryAbsence(int clientVersion, int serverVersion) throws Exception {
        try (FakeStateServer server = FakeStateServer.version(serverVersion, FakeStateServer.Request::absent);
                RawClient client = RawClient.version(
                        clientVersion, rig.place(server.address()).address())) {
            assertThat(client.get(KEY).type()).isEqualTo(MessageType.ABSENT);
            await().untilAsserted(() -> assertThat(rig.stats.successes()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,1", "2,2"})
    void shouldCarryFailures(int clientVersion, int serverVersion) throws Exception {
        try (FakeStateServer server =
                        FakeStateServer.version(serverVersion, request -> request.fail(ErrorCode.STATE_FAILED));
                RawClient client = RawClient.version(
                        clientVersion, rig.place(server.address()).address())) {
            assertThat(client.get(KEY).code()).isEqualTo(ErrorCode.STATE_FAILED);
            assertThat(server.requests()).hasSize(1);
            await().untilAsserted(() ->
                    assertThat(rig.stats.failures(ErrorCode.STATE_FAILED)).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,4095", "1,4096", "1,4097", "1,65536", "2,0", "2,4095", "2,4096", "2,4097", "2,65536"})
    void shouldCarryKeysOfAnySize(int serverVersion, int bytes) throws Exception {
        byte[] key = random(bytes);
        try (FakeStateServer server = FakeStateServer.version(serverVersion, request -> request.value(request.key()));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            assertThat(client.get(key).body()).isEqualTo(key);
            // Again, now that the connection is up and the location known.
            assertThat(client.get(key).body()).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 4097, 300_000, 5_000_000})
    void shouldCarryValuesOfAnySize(int bytes) throws Exception {
        byte[] value = random(bytes);
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(value));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            assertThat(client.get(KEY).body()).isEqualTo(value);
        }
    }

    @Test
    void shouldPassOnLessTime_thanItWasGiven() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(FakeStateServer.Request::absent);
                RawClient client = RawClient.version2(rig.address())) {
            // The first attempt waits for the state to appear: 100 ms at least go by between two lookups.
            client.ask(KEY, HASH, 3_000);
            assertThat(client.read().code()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);
            rig.place(server.address());
            client.ask(KEY, HASH, 3_000);
            client.read();

            assertThat(server.requests().get(0).budgetMillis()).isBetween(1, 2_999);
        }
    }

    @Test
    void shouldGiveVersion1RequestsTheDefaultBudget() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(FakeStateServer.Request::absent);
                RawClient client =
                        RawClient.version(1, rig.place(server.address()).address())) {
            client.get(KEY);
            assertThat(server.requests().get(0).budgetMillis()).isBetween(1_000, 2_000);
        }
    }

    @Test
    void shouldAskTheServerOfTheKeyGroup_whenAStateIsSpreadOverServers() throws Exception {
        try (FakeStateServer low = FakeStateServer.version2(request -> request.value(new byte[] {1}));
                FakeStateServer high = FakeStateServer.version2(request -> request.value(new byte[] {2}));
                RawClient client = RawClient.version2(rig.address())) {
            rig.proxy.updateLocationOracle(
                    Locations.JOB, Locations.oracleOf(Locations.split(Locations.KEY, low.address(), high.address())));
            for (int hash = 0; hash < 200; hash++) {
                client.ask(KEY, hash, 1_000);
                int expected = KeyGroups.of(hash, Locations.KEY_GROUPS) < Locations.KEY_GROUPS / 2 ? 1 : 2;
                assertThat(client.read().body()).containsExactly(expected);
            }
        }
    }

    @Test
    void shouldMatchAnswersByTheirIds_whenTheyComeInAnotherOrder() throws Exception {
        List<FakeStateServer.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeStateServer server = FakeStateServer.version2(request -> {
                    waiting.add(request);
                    if (waiting.size() == 100) {
                        for (int i = 99; i >= 0; i--) {
                            waiting.get(i).value(waiting.get(i).key());
                        }
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            for (int i = 1; i <= 100; i++) {
                client.ask(new byte[] {(byte) i}, HASH, 5_000);
            }
            for (int i = 0; i < 100; i++) {
                RawClient.Answer answer = client.read();
                assertThat(answer.body()).containsExactly((byte) answer.id());
            }
        }
    }

    private static byte[] random(int bytes) {
        byte[] key = new byte[bytes];
        new Random(bytes).nextBytes(key);
        return key;
    }
}
