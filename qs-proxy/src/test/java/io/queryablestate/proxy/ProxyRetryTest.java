package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.routing.LocationKey;
import io.queryablestate.testsupport.FrameServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyRetryTest {

    private static final byte[] KEY = {1, 42, 0};

    private final ProxyRig rig;

    ProxyRetryTest() throws Exception {
        rig = new ProxyRig(
                ProxyOptions.builder().minLookupInterval(Duration.ofMillis(1)).build());
    }

    @AfterEach
    void stop() {
        rig.close();
        assertThat(rig.stats.inFlight()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_KV_STATE_ID", "NO_SERVER_FOR_KEY_GROUP", "WRONG_KEY_GROUP"})
    void shouldAskAgainAndRetry_whenTheLocationIsOutOfDate(ErrorCode code) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeStateServer server = FakeStateServer.version2(request -> {
                    if (asked.incrementAndGet() == 1) {
                        request.fail(code);
                    } else {
                        request.value(KEY);
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            RawClient.Answer answer = client.get(KEY);
            assertThat(answer.body()).isEqualTo(KEY);
            assertThat(answer.isLocationStale()).isTrue();
            assertThat(client.get(KEY).isLocationStale()).isFalse();
            assertThat(server.requests()).hasSize(3);
            assertThat(server.requests().get(1).key()).isEqualTo(KEY);
            assertThat(rig.lookups).hasValue(2);
            assertThat(rig.stats.retries()).isEqualTo(1);
        }
    }

    @Test
    void shouldGiveUpForGood_whenTheLocationStaysOutOfDate() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(request -> request.fail(ErrorCode.UNKNOWN_KV_STATE_ID));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            RawClient.Answer answer = client.get(KEY);

            assertThat(answer.code()).isEqualTo(ErrorCode.UNKNOWN_KV_STATE_ID);
            assertThat(answer.failure().isFinal()).isTrue();
            assertThat(server.requests()).hasSize(5);
            assertThat(rig.lookups).hasValue(5);
        }
    }

    @Test
    void shouldGiveUpForGood_whenAVersion1ServerKeepsRefusing() throws Exception {
        try (FakeStateServer server =
                        FakeStateServer.version(1, request -> request.fail(ErrorCode.UNKNOWN_KV_STATE_ID));
                RawClient client =
                        RawClient.version(1, rig.place(server.address()).address())) {
            assertThat(client.get(KEY).code()).isEqualTo(ErrorCode.UNKNOWN_KV_STATE_ID);
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void shouldGiveUpForGood_whenNobodyHoldsTheKeyGroup() throws Exception {
        rig.proxy.updateLocationOracle(Locations.JOB, Locations.oracleOf(Locations.empty(Locations.KEY)));
        try (RawClient client = RawClient.version2(rig.address())) {
            RawClient.Answer answer = client.get(KEY);
            assertThat(answer.code()).isEqualTo(ErrorCode.NO_SERVER_FOR_KEY_GROUP);
            assertThat(answer.failure().isFinal()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OVERLOADED", "SHUTTING_DOWN", "STATE_FAILED", "BAD_REQUEST", "FORBIDDEN", "FRAME_TOO_LARGE"})
    void shouldPassOnAtOnce_whenAnotherLocationWouldNotHelp(ErrorCode code) throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(request -> request.fail(code));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            RawClient.Answer answer = client.get(KEY);
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.failure().isFinal()).isFalse();
            assertThat(server.requests()).hasSize(1);
            assertThat(rig.lookups).hasValue(1);
        }
    }

    @Test
    void shouldPassOnAtOnce_whenTheStateIsNotThereYet() throws Exception {
        try (RawClient client = RawClient.version2(rig.place(null).address())) {
            RawClient.Answer answer = client.get(KEY);
            assertThat(answer.code()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);
            assertThat(answer.failure().isFinal()).isFalse();
            assertThat(rig.lookups).hasValue(1);
        }
    }

    @Test
    void shouldFailAsUnknownJob_whenThereIsNoOracle() throws Exception {
        try (RawClient client = RawClient.version2(rig.address())) {
            client.ask(new LocationKey(Locations.OTHER_JOB, Locations.STATE), KEY, 1, 1_000);
            assertThat(client.read().code()).isEqualTo(ErrorCode.UNKNOWN_JOB);
            assertThat(rig.proxy.cachedLocations()).isZero();
        }
    }

    @Test
    void shouldRetryTheLookup_whenTheOracleHasLostItsConnection() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient client = RawClient.version2(rig.address())) {
            rig.proxy.updateLocationOracle(
                    Locations.JOB,
                    (jobId, name) -> lookups.incrementAndGet() == 1
                            ? CompletableFuture.failedFuture(
                                    new QueryableStateException(ErrorCode.CONNECTION_LOST, "master lost"))
                            : CompletableFuture.completedFuture(Locations.of(Locations.KEY, server.address())));

            assertThat(client.get(KEY).body()).isEqualTo(KEY);
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void shouldFollowTheState_whenItsServerHasGone() throws Exception {
        ServerAddress gone;
        try (FakeStateServer server = FakeStateServer.version2(FakeStateServer.Request::absent)) {
            gone = server.address();
        }
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient client = RawClient.version2(rig.address())) {
            AtomicInteger lookups = new AtomicInteger();
            rig.proxy.updateLocationOracle(
                    Locations.JOB,
                    (jobId, name) -> CompletableFuture.completedFuture(
                            Locations.of(Locations.KEY, lookups.incrementAndGet() == 1 ? gone : server.address())));

            assertThat(client.get(KEY).body()).isEqualTo(KEY);
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void shouldFollowTheState_whenItsServerIsLostWhileItWorks() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                FakeStateServer crashing = FakeStateServer.version2(request -> {
                    rig.place(server.address());
                    request.hangUp();
                });
                RawClient client =
                        RawClient.version2(rig.place(crashing.address()).address())) {
            assertThat(client.get(KEY).body()).isEqualTo(KEY);
            assertThat(crashing.requests()).hasSize(1);
            assertThat(rig.lookups).hasValue(2);
        }
    }

    @Test
    void shouldFailAsRefusedForGood_whenNobodyListensThere() throws Exception {
        try (FrameServer server = FrameServer.silent()) {
            rig.place(new ServerAddress("127.0.0.1", server.port()));
        }
        try (RawClient client = RawClient.version2(rig.address())) {
            RawClient.Answer answer = client.get(KEY);
            assertThat(answer.type()).isEqualTo(MessageType.FAILURE);
            assertThat(answer.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
            assertThat(answer.failure().isFinal()).isTrue();
            assertThat(rig.lookups.get()).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void shouldWorkAgain_whenTheServerHasComeBackOnItsPort() throws Exception {
        FakeStateServer first = FakeStateServer.version2(request -> request.value(new byte[] {1}));
        ServerAddress address = first.address();
        try (RawClient client = RawClient.version2(rig.place(address).address())) {
            assertThat(client.get(KEY).body()).containsExactly(1);
            first.close();
            assertThat(client.get(KEY).code()).isIn(ErrorCode.CONNECTION_REFUSED, ErrorCode.CONNECTION_LOST);

            try (FakeStateServer second = FakeStateServer.on(address, request -> request.value(new byte[] {2}))) {
                RawClient.Answer answer = client.get(KEY);
                for (int i = 0; i < 20 && answer.type() == MessageType.FAILURE; i++) {
                    answer = client.get(KEY);
                }
                assertThat(answer.body()).containsExactly(2);
                assertThat(second.requests()).isNotEmpty();
            }
        }
    }

    @Test
    void shouldBoundTheLoadThatRetriesAdd() throws Exception {
        int requests = 200;
        try (FakeStateServer server = FakeStateServer.version2(request -> request.fail(ErrorCode.UNKNOWN_KV_STATE_ID));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            for (int i = 0; i < requests; i++) {
                client.ask(KEY, i, 5_000);
            }
            for (int i = 0; i < requests; i++) {
                RawClient.Answer answer = client.read();
                assertThat(answer.code()).isEqualTo(ErrorCode.UNKNOWN_KV_STATE_ID);
                assertThat(answer.failure().isFinal()).isTrue();
            }
            // A fifth of the requests, ten to begin with, and ten for each second that this took.
            assertThat(rig.stats.retries()).isBetween(1L, requests / 5 + 10 + 50L);
            assertThat(server.requests()).hasSizeLessThan(2 * requests);
        }
    }
}
