package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KeyGroups;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch on its way through the proxy. */
class ProxyBatchTest {

    private static final int SECONDS_5 = 5_000;
    private static final int LOW = hashIn(0);
    private static final int HIGH = hashIn(Locations.KEY_GROUPS / 2);

    private final ProxyRig rig;

    ProxyBatchTest() throws Exception {
        rig = new ProxyRig(
                ProxyOptions.builder().minLookupInterval(Duration.ofMillis(1)).build());
    }

    @AfterEach
    void stop() {
        rig.close();
        assertThat(rig.stats.inFlight()).isZero();
    }

    /** A hash whose key group is in the half that begins with this one. */
    private static int hashIn(int firstKeyGroup) {
        return IntStream.iterate(1, hash -> hash + 1)
                .filter(hash -> KeyGroups.of(hash, Locations.KEY_GROUPS) / 64 == firstKeyGroup / 64)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldAskEachServerOnceForItsKeys() throws Exception {
        try (FakeStateServer low = FakeStateServer.version2(request -> request.values(false, 0, 2));
                FakeStateServer high = FakeStateServer.version2(request -> request.values(false, 1, 3));
                RawClient client = RawClient.version2(
                        rig.place(low.address(), high.address()).address())) {
            client.askAll(SECONDS_5, LOW, HIGH, LOW, HIGH);

            assertThat(client.readAll()).containsExactlyInAnyOrder("0=00", "1=01", "2=02", "3=03");
            assertThat(low.requests())
                    .extracting(FakeStateServer.Request::numbers)
                    .hasSize(1);
            assertThat(low.requests().get(0).numbers()).containsExactly(0, 2);
            assertThat(low.requests().get(0).budgetMillis()).isBetween(1, SECONDS_5);
            assertThat(high.requests().get(0).numbers()).containsExactly(1, 3);
            assertThat(rig.stats.requests()).isEqualTo(1);
            assertThat(rig.stats.successes()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAskForASingleKeyWithAnOrdinaryRequest(int version) throws Exception {
        try (FakeStateServer server = FakeStateServer.version(version, request -> request.value(request.key()));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            client.askAll(SECONDS_5, LOW);
            assertThat(client.readAll()).containsExactly("0=00");
        }
    }

    @Test
    void shouldAskKeyByKey_whenTheServerSpeaksVersion1() throws Exception {
        try (FakeStateServer server = FakeStateServer.version(1, request -> {
                    if (request.key()[0] == 1) {
                        request.absent();
                    } else {
                        request.value(request.key());
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            client.askAll(SECONDS_5, LOW, LOW, HIGH);
            assertThat(client.readAll()).containsExactlyInAnyOrder("0=00", "1 ABSENT", "2=02");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void shouldPassOnWhatIsKnown_whenOtherKeysAreSlow() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (FakeStateServer fast = FakeStateServer.version2(request -> request.values(false, 0, 2));
                FakeStateServer slow = FakeStateServer.version2(request -> {
                    request.values(true, 1);
                    awaitUnchecked(go);
                    request.values(false, 3);
                });
                RawClient client = RawClient.version2(
                        rig.place(fast.address(), slow.address()).address())) {
            client.askAll(SECONDS_5, LOW, HIGH, LOW, HIGH);

            client.read();
            client.read();
            go.countDown();
            assertThat(client.readAll()).containsExactly("3=03");
        }
    }

    @Test
    void shouldRetryOnlyTheKeys_whoseLocationIsOutOfDate() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeStateServer server = FakeStateServer.version2(request -> {
                    if (asked.incrementAndGet() == 1) {
                        request.values(true, 0);
                        request.failKey(true, 1, ErrorCode.WRONG_KEY_GROUP);
                        request.failKey(true, 2, ErrorCode.UNKNOWN_KV_STATE_ID);
                        request.failKey(false, 3, ErrorCode.STATE_FAILED);
                    } else {
                        request.value(request.key());
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            client.askAll(SECONDS_5, LOW, LOW, LOW, LOW);

            assertThat(client.readAll()).containsExactlyInAnyOrder("0=00", "1=01", "2=02", "3 STATE_FAILED");
            assertThat(rig.stats.retries()).isPositive();
        }
    }

    @Test
    void shouldGiveUpForGood_whenTheLocationOfSomeKeysStaysOutOfDate() throws Exception {
        try (FakeStateServer good = FakeStateServer.version2(request -> request.values(false, 0, 1));
                FakeStateServer bad = FakeStateServer.version2(request -> request.fail(ErrorCode.UNKNOWN_KV_STATE_ID));
                RawClient client = RawClient.version2(
                        rig.place(good.address(), bad.address()).address())) {
            client.askAll(SECONDS_5, LOW, LOW, HIGH, HIGH);

            assertThat(client.readAll())
                    .contains("0=00", "1=01")
                    .containsAnyOf("the rest UNKNOWN_KV_STATE_ID", "2 UNKNOWN_KV_STATE_ID for good");
            assertThat(bad.requests()).hasSize(5);
            assertThat(good.requests()).hasSize(1);
        }
    }

    @Test
    void shouldTellTheRest_whenTheDeadlineHasPassed() throws Exception {
        try (FakeStateServer good = FakeStateServer.version2(request -> request.values(false, 0, 1));
                FakeStateServer silent = FakeStateServer.version2(request -> {});
                RawClient client = RawClient.version2(
                        rig.place(good.address(), silent.address()).address())) {
            client.askAll(300, LOW, LOW, HIGH, HIGH);
            assertThat(client.readAll()).containsExactly("0=00", "1=01", "the rest DEADLINE_EXCEEDED");
        }
    }

    @Test
    void shouldRefuseTheRest_whenAServerAnswersAKeyTwiceOrLeavesOneOut() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeStateServer server = FakeStateServer.version2(request -> {
                    if (asked.incrementAndGet() == 1) {
                        request.values(true, 0, 0);
                    } else {
                        request.values(false, 0);
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            client.askAll(SECONDS_5, LOW, LOW);
            assertThat(client.readAll()).containsExactly("0=00", "the rest PROTOCOL_VIOLATION");
            client.askAll(SECONDS_5, LOW, LOW);
            assertThat(client.readAll()).containsExactly("0=00", "the rest PROTOCOL_VIOLATION");
        }
    }

    @Test
    void shouldReadNoFurther_whenABatchGoesBeyondTheLimitOfRequests() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        int[] keys = IntStream.range(0, 600).map(i -> LOW).toArray();
        int[] numbers = IntStream.range(0, keys.length).toArray();
        try (FakeStateServer server = FakeStateServer.version2(request -> {
                    if (request.numbers().isEmpty()) {
                        request.absent();
                    } else {
                        awaitUnchecked(go);
                        request.values(false, numbers);
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            // Until the first answer, which shows that answers are small, fewer may be under way.
            client.get(new byte[] {1});
            for (int i = 0; i < 4; i++) {
                client.askAll(SECONDS_5, keys);
            }
            await().until(() -> rig.stats.inFlight() == 3);
            go.countDown();
            for (int i = 0; i < 4; i++) {
                assertThat(client.readAll()).hasSize(keys.length);
            }
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
