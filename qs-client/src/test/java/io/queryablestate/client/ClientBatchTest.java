package io.queryablestate.client;

import static io.queryablestate.client.TestClient.FIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of the keys of a batch. */
class ClientBatchTest {

    @Test
    void shouldTellWhatBecameOfEachKey_inTheOrderAsked() throws Exception {
        Failure broken = new Failure(ErrorCode.STATE_FAILED, "broken");
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    assertThat(request.type()).isEqualTo(MessageType.KV_STATE_BATCH_REQUEST);
                    answer(request, true, value(3, FIVE), failure(2, broken));
                    answer(request, false, absent(1), value(0, FIVE));
                });
                TestClient client = TestClient.of(proxy.address())) {
            BatchResult<String, Long> result = all(client, List.of("d", "c", "b", "a", "d"));

            assertThat(result.found()).containsExactly(entry("d"), entry("a"));
            assertThat(result.absent()).containsExactly("c");
            assertFailed(result, "b", ErrorCode.STATE_FAILED);
            assertThat(result.get("d")).contains(5L);
            assertThat(result.get("c")).isEmpty();
            assertThatThrownBy(() -> result.get("b")).isSameAs(result.failed().get("b"));
            assertThatThrownBy(() -> result.get("z")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(result::orThrow).isSameAs(result.failed().get("b"));
            assertThat(proxy.requests()).isEqualTo(1);
            assertThat(client.stats.requests()).isEqualTo(1);
        }
    }

    private static Map.Entry<String, Long> entry(String key) {
        return Map.entry(key, 5L);
    }

    @Test
    void shouldAskNobody_whenThereAreNoKeys() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(FakeProxy.Request::absent);
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(all(client, List.of()).orThrow().found()).isEmpty();
            assertThat(proxy.requests()).isZero();
        }
    }

    @Test
    void shouldRetryOnlyTheKeys_whoseFailureMayPass() throws Exception {
        List<List<Integer>> asked = new ArrayList<>();
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    List<Integer> numbers = numbers(request);
                    asked.add(numbers);
                    if (asked.size() == 1) {
                        answer(
                                request,
                                false,
                                value(0, FIVE),
                                failure(1, new Failure(ErrorCode.LOCATION_UNKNOWN, "not yet")),
                                failure(2, new Failure(ErrorCode.OVERLOADED, "given up", true)));
                    } else {
                        answer(request, false, value(1, FIVE));
                    }
                });
                TestClient client = TestClient.of(proxy.address())) {
            BatchResult<String, Long> result = all(client, List.of("a", "b", "c"));

            assertThat(result.found()).containsOnlyKeys("a", "b");
            assertThat(result.failed()).containsOnlyKeys("c");
            assertThat(asked).containsExactly(List.of(0, 1, 2), List.of(1));
        }
    }

    @Test
    void shouldKeepWhatWasAnswered_whenTimeIsUp() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> answer(request, true, value(0, FIVE)));
                TestClient client =
                        TestClient.of(options -> options.requestTimeout(Duration.ofMillis(300)), proxy.address())) {
            BatchResult<String, Long> result = all(client, List.of("a", "b"));

            assertThat(result.found()).containsOnlyKeys("a");
            assertFailed(result, "b", ErrorCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void shouldAskAnotherProxyForTheRest_whenOneIsLost() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FakeProxy.Script script = request -> {
            if (asked.incrementAndGet() == 1) {
                answer(request, true, value(0, FIVE));
                request.hangUp();
            } else {
                answer(request, false, value(1, FIVE));
            }
        };
        try (FakeProxy first = FakeProxy.answering(script);
                FakeProxy second = FakeProxy.answering(script);
                TestClient client = TestClient.of(first.address(), second.address())) {
            assertThat(all(client, List.of("a", "b")).orThrow().found()).containsOnlyKeys("a", "b");
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void shouldAskKeyByKey_whenTheProxySpeaksVersion1() throws Exception {
        try (FakeProxy proxy = FakeProxy.version(1, request -> {
                    switch (request.keyHashCode() - "a".hashCode()) {
                        case 0 -> request.value(FIVE);
                        case 1 -> request.absent();
                        default -> request.fail(ErrorCode.BAD_REQUEST);
                    }
                });
                TestClient client = TestClient.of(proxy.address())) {
            BatchResult<String, Long> result = all(client, List.of("a", "b", "c"));

            assertThat(result.found()).containsOnlyKeys("a");
            assertThat(result.absent()).containsExactly("b");
            assertFailed(result, "c", ErrorCode.BAD_REQUEST);
            assertThat(proxy.requests()).isEqualTo(3);
        }
    }

    @Test
    void shouldCutTheKeysIntoRequests_whenThereAreMany() throws Exception {
        ConcurrentHashMap<Integer, Integer> sizes = new ConcurrentHashMap<>();
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    List<Integer> numbers = numbers(request);
                    sizes.merge(numbers.size(), 1, Integer::sum);
                    answer(
                            request,
                            false,
                            numbers.stream().map(n -> value(n, FIVE)).toArray(Item[]::new));
                });
                TestClient client = TestClient.of(proxy.address())) {
            List<String> keys = IntStream.range(0, 2_500).mapToObj(i -> "k" + i).toList();

            assertThat(all(client, keys).orThrow().found().keySet()).containsExactlyElementsOf(keys);
            assertThat(sizes).containsOnlyKeys(1_000, 500).containsEntry(1_000, 2);

            sizes.clear();
            String large = "x".repeat(50_000);
            all(client, List.of(large + 1, large + 2, large + 3)).orThrow();
            assertThat(sizes).containsOnlyKeys(1, 2);
        }
    }

    @Test
    void shouldFailTheKeysThatCannotBeAskedFor() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> answer(request, false, value(0, FIVE)));
                TestClient client = TestClient.of(options -> options.maxOpenRequests(3), proxy.address())) {
            List<String> keys = new ArrayList<>(List.of("a"));
            keys.add(null);
            BatchResult<String, Long> result = all(client, keys);
            assertThat(result.found()).containsOnlyKeys("a");
            assertFailed(result, null, ErrorCode.SERIALIZER_MISMATCH);

            assertThat(all(client, List.of("a", "b", "c", "d")).failed().values())
                    .hasSize(4)
                    .extracting(QueryableStateException::code)
                    .containsOnly(ErrorCode.OVERLOADED);

            client.client.closeAsync();
            assertFailed(all(client, List.of("a")), "a", ErrorCode.CLIENT_CLOSED);
        }
    }

    @Test
    void shouldFailTheRest_whenAnAnswerLeavesKeysOutOrNamesOthers() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeProxy proxy = FakeProxy.answering(request ->
                        answer(request, false, asked.incrementAndGet() == 1 ? value(0, FIVE) : value(7, FIVE)));
                TestClient client = TestClient.of(proxy.address())) {
            BatchResult<String, Long> leftOut = all(client, List.of("a", "b"));
            assertThat(leftOut.found()).containsOnlyKeys("a");
            assertFailed(leftOut, "b", ErrorCode.PROTOCOL_VIOLATION);

            assertThat(all(client, List.of("a", "b")).failed()).containsOnlyKeys("a", "b");
        }
    }

    @Test
    void shouldEndTheRequests_whenTheFutureIsCancelled() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> {});
                TestClient client = TestClient.of(proxy.address())) {
            CompletableFuture<BatchResult<String, Long>> future = client.counts.getAll(List.of("a", "b"));
            await().until(() -> proxy.requests() == 1);
            assertThat(future.cancel(true)).isTrue();
            await().until(() -> client.stats.abandoned() == 1);
            await().until(() -> proxy.cancelled().size() == 1);
        }
    }

    private static void assertFailed(BatchResult<String, Long> result, @Nullable String key, ErrorCode code) {
        assertThat(result.failed())
                .hasEntrySatisfying(key, failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static BatchResult<String, Long> all(TestClient client, List<String> keys) throws Exception {
        return client.counts.getAll(keys).get(20, TimeUnit.SECONDS);
    }

    private static List<Integer> numbers(FakeProxy.Request request) {
        ByteBuf frame = Unpooled.buffer().writeZero(Frames.BODY_OFFSET).writeBytes(request.body());
        BatchKeys keys = new KvStateBatchRequestCodec().decode(frame, 0, frame.writerIndex());
        return IntStream.of(keys.numbers()).boxed().toList();
    }

    /** Writes one item. */
    @FunctionalInterface
    private interface Item {
        void write(ByteBuf out);
    }

    private static Item value(int number, byte[] value) {
        return out -> {
            KvStateBatchAnswerCodec.encodeValueHead(out, number, value.length);
            out.writeBytes(value);
        };
    }

    private static Item absent(int number) {
        return out -> KvStateBatchAnswerCodec.encodeAbsent(out, number);
    }

    private static Item failure(int number, Failure failure) {
        return out -> KvStateBatchAnswerCodec.encodeFailure(out, number, failure);
    }

    private static void answer(FakeProxy.Request request, boolean more, Item... items) throws IOException {
        ByteBuf body = Unpooled.buffer();
        for (Item item : items) {
            item.write(body);
        }
        request.message((out, id) -> {
            KvStateBatchAnswerCodec.encodeHeader(out, more ? Frames.FLAG_MORE : 0, id, body.readableBytes());
            out.writeBytes(body);
        });
    }
}
