package io.queryablestate.client;

import static io.queryablestate.client.TestClient.FIVE;
import static io.queryablestate.client.TestClient.JOB;
import static io.queryablestate.client.TestClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.messages.StateKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request carries and what its future gets. */
class ClientRequestsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCarryTheKeyAndReturnTheValue(int version) throws Exception {
        List<FakeProxy.Request> seen = new CopyOnWriteArrayList<>();
        try (FakeProxy proxy = FakeProxy.version(version, request -> {
                    seen.add(request);
                    request.value(FIVE);
                });
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.counts.get("flink")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));

            FakeProxy.Request request = seen.get(0);
            assertThat(request.jobId()).isEqualTo(JOB);
            assertThat(request.stateName()).isEqualTo("counts");
            assertThat(request.keyHashCode()).isEqualTo("flink".hashCode());
            assertThat(request.key()).isEqualTo(KeyAndNamespace.serialize(Serializers.STRING, "flink"));
            if (version == 2) {
                assertThat(request.budgetMillis()).isBetween(1, 2_000);
            }
            assertThat(client.stats.successes()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldReturnEmpty_whenTheKeyIsAbsent(int version) throws Exception {
        try (FakeProxy proxy = FakeProxy.version(version, FakeProxy.Request::absent);
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.counts.get("flink")).succeedsWithin(SOON).isEqualTo(Optional.empty());
        }
    }

    @Test
    void shouldCarryTheNamespace() throws Exception {
        List<FakeProxy.Request> seen = new CopyOnWriteArrayList<>();
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    seen.add(request);
                    request.value(FIVE);
                });
                TestClient client = TestClient.of(proxy.address())) {
            byte[] expected = KeyAndNamespace.serialize(Serializers.STRING, "k", Serializers.LONG, 77L);

            client.counts.get("k", 77L, Serializers.LONG).get(20, TimeUnit.SECONDS);
            client.client
                    .getKvState(
                            JOB,
                            "counts",
                            "k",
                            Serializers.STRING,
                            77L,
                            Serializers.LONG,
                            StateDescriptor.value(Serializers.LONG))
                    .get(20, TimeUnit.SECONDS);

            assertThat(seen).hasSize(2).allSatisfy(request -> assertThat(request.key())
                    .isEqualTo(expected));
        }
    }

    @Test
    void shouldReturnTheBareValue_whenAskedInTheMannerOfFlink() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(getKvState(client)).succeedsWithin(SOON).isEqualTo(5L);
        }
    }

    @Test
    void shouldFailAsUnknownKey_whenAskedInTheMannerOfFlink() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(FakeProxy.Request::absent);
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(getKvState(client))
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(UnknownKeyOrNamespaceException.class)
                    .withMessageContaining("counts");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // What a careless caller does.
    void shouldFailTheFuture_whenTheKeyIsNull() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(failureOf(client.counts.get(null)).code()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
            assertThat(proxy.requests()).isZero();
        }
    }

    @Test
    void shouldFailTheFuture_whenTheNamespaceCannotBeSerialized() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(failureOf(client.counts.get(
                                    "k",
                                    "namespace",
                                    Serializers.custom(
                                            "broken",
                                            (value, out) -> {
                                                throw new IOException("broken");
                                            },
                                            in -> "")))
                            .code())
                    .isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldFailTheFuture_whenKeyOrNameIsTooLong(int version) throws Exception {
        try (FakeProxy proxy = FakeProxy.version(version, request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(failureOf(client.counts.get("x".repeat(70_000))).code()).isEqualTo(ErrorCode.BAD_REQUEST);
            for (String name : List.of("", "x".repeat(1_025))) {
                assertThat(failureOf(client.client
                                        .state(JOB, name, Serializers.STRING, StateDescriptor.value(Serializers.LONG))
                                        .get("key"))
                                .code())
                        .isEqualTo(ErrorCode.BAD_REQUEST);
            }
            assertThat(client.value()).isEqualTo(5);
            assertThat(proxy.requests()).isEqualTo(1);
        }
    }

    @Test
    void shouldFailAsMismatch_whenTheValueIsOfAnotherType() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(new byte[] {1, 2, 3}));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.failure()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
            // One fault, one failed request: the connection lives.
            assertThat(client.failure()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
            assertThat(proxy.server().accepted()).isEqualTo(1);
        }
    }

    @Test
    void shouldForgetTheRequest_whenItsFutureIsCancelled() throws Exception {
        List<FakeProxy.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeProxy proxy = FakeProxy.answering(waiting::add);
                TestClient client = TestClient.of(options -> options.maxOpenRequests(1), proxy.address())) {
            CompletableFuture<Optional<Long>> cancelled = client.counts.get("a");
            await().until(() -> waiting.size() == 1);
            assertThat(cancelled.cancel(true)).isTrue();
            await().until(() -> client.stats.abandoned() == 1);
            await().until(() -> proxy.cancelled().equals(List.of(waiting.get(0).id())));

            CompletableFuture<Optional<Long>> next = client.counts.get("b");
            await().until(() -> waiting.size() == 2);
            waiting.get(0).value(new byte[8]);
            waiting.get(1).value(FIVE);

            assertThat(next).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
            assertThat(cancelled).isCancelled();
        }
    }

    @Test
    void shouldTellTheProxy_whenTheTimeOfARequestIsUp() throws Exception {
        List<FakeProxy.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeProxy proxy = FakeProxy.answering(waiting::add);
                TestClient client = TestClient.of(proxy.address())) {
            CompletableFuture<Optional<Long>> overdue =
                    client.counts.withTimeout(Duration.ofMillis(100)).get("a");
            await().until(overdue::isDone);

            await().until(() -> proxy.cancelled().equals(List.of(waiting.get(0).id())));
        }
    }

    @Test
    void shouldFailAsOverloaded_whenTooManyRequestsAreOpen() throws Exception {
        List<FakeProxy.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeProxy proxy = FakeProxy.answering(waiting::add);
                TestClient client = TestClient.of(options -> options.maxOpenRequests(10), proxy.address())) {
            List<CompletableFuture<Optional<Long>>> open = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                open.add(client.counts.get("key"));
            }
            assertThat(client.failure()).isEqualTo(ErrorCode.OVERLOADED);
            await().until(() -> waiting.size() == 10);
            for (FakeProxy.Request request : waiting) {
                request.value(FIVE);
            }
            assertThat(open)
                    .allSatisfy(
                            future -> assertThat(future).succeedsWithin(SOON).isEqualTo(Optional.of(5L)));

            client.counts.get("key");
            await().until(() -> waiting.size() == 11);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAnswerEachItsOwnValue_whenTenThousandAreOpen(int eventLoopThreads) throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request ->
                        request.value(Serializers.serialize(Serializers.LONG, (long) request.keyHashCode())));
                TestClient client = TestClient.of(
                        options -> options.eventLoopThreads(eventLoopThreads).requestTimeout(SOON), proxy.address())) {
            List<CompletableFuture<Optional<Long>>> open = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                open.add(client.counts.get("key-" + i));
            }
            for (int i = 0; i < 10_000; i++) {
                assertThat(open.get(i).get(20, TimeUnit.SECONDS)).contains((long) ("key-" + i).hashCode());
            }
            assertThat(client.stats.successes()).isEqualTo(10_000);
            assertThat(client.stats.inFlight()).isZero();
            assertThat(proxy.server().accepted()).isEqualTo(eventLoopThreads);
        }
    }

    @Test
    void shouldSayWhereAStateIs() throws Exception {
        KvStateLocation location = KvStateLocation.builder(JOB, "counts", 128).build();
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    assertThat(request.type()).isEqualTo(MessageType.LOCATION_REQUEST);
                    request.message(location::encode);
                });
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.client.location(JOB, "counts"))
                    .succeedsWithin(SOON)
                    .isEqualTo(location);
        }
    }

    @Test
    void shouldFailAsViolation_whenTheAnswerIsToAnotherQuestion() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(failureOf(client.client.location(JOB, "counts")).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
        try (FakeProxy proxy = FakeProxy.answering(
                        request -> request.message((out, id) -> CatalogueEntry.encodeAll(List.of(), out, id)));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.failure()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void shouldFailAtOnce_whenAVersion1ProxyIsAskedForALocation() throws Exception {
        try (FakeProxy proxy = FakeProxy.version(1, request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(failureOf(client.client.location(JOB, "counts")).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Test
    void shouldListWhatEachProxyKnows_whenOneDoesNotAnswer() throws Exception {
        CatalogueEntry entry = new CatalogueEntry(
                JOB, "job", "counts", StateKind.VALUE, "string", "long", 128, new KeyGroupRange(0, 63));
        ServerAddress gone;
        try (FakeProxy closed = FakeProxy.answering(request -> {})) {
            gone = closed.address();
        }
        try (FakeProxy one = FakeProxy.answering(
                        request -> request.message((out, id) -> CatalogueEntry.encodeAll(List.of(entry), out, id)));
                FakeProxy same = FakeProxy.answering(
                        request -> request.message((out, id) -> CatalogueEntry.encodeAll(List.of(entry), out, id)));
                TestClient client = TestClient.of(one.address(), same.address(), gone)) {
            Catalogue catalogue = client.client.catalogue().get(20, TimeUnit.SECONDS);

            assertThat(catalogue.entries()).containsExactly(entry);
            assertThat(catalogue.answered()).containsExactly(one.address(), same.address());
            assertThat(catalogue.failed()).containsOnlyKeys(gone);
            assertThat(catalogue.failed().values())
                    .allSatisfy(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED));
        }
    }

    private static CompletableFuture<Long> getKvState(TestClient client) {
        return client.client.getKvState(
                JOB, "counts", "key", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
    }
}
