package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.CatalogueRequest;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.LocationRequest;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.StateKind;
import io.queryablestate.network.BufferBudget;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.ServerOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that go away, do not read, ask something else; and a proxy that stops. */
class ProxyClientsTest {

    private static final byte[] KEY = {1, 42, 0};

    private final BufferBudget buffers = new BufferBudget(64 * 1024 * 1024);
    private final ProxyRig rig;

    ProxyClientsTest() throws Exception {
        rig = new ProxyRig(ProxyOptions.builder()
                .server(ServerOptions.builder()
                        .eventLoopThreads(1)
                        .buffers(buffers)
                        .build())
                .build());
    }

    @AfterEach
    void stop() {
        rig.close();
        assertThat(rig.stats.inFlight()).isZero();
        assertThat(rig.stats.openConnections()).isZero();
        assertThat(buffers.used()).isZero();
    }

    @Test
    void shouldDropTheirRequests_whenClientsHaveGone() throws Exception {
        try (FakeStateServer silent = FakeStateServer.version2(request -> {})) {
            rig.place(silent.address());
            try (RawClient client = RawClient.version2(rig.address())) {
                for (int i = 0; i < 500; i++) {
                    client.ask(KEY, i, 60_000);
                }
                await().untilAsserted(() -> assertThat(silent.requests()).hasSize(500));
                assertThat(rig.stats.inFlight()).isEqualTo(500);
            }
            await().atMost(1, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(rig.stats.inFlight()).isZero());
            assertThat(rig.stats.abandoned()).isEqualTo(500);
            await().atMost(1, TimeUnit.SECONDS).untilAsserted(() -> assertThat(silent.cancelled())
                    .containsExactlyInAnyOrderElementsOf(silent.requests().stream()
                            .map(FakeStateServer.Request::id)
                            .toList()));
        }
    }

    @Test
    void shouldPassACancelOn_andServeTheOthers() throws Exception {
        List<FakeStateServer.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeStateServer server = FakeStateServer.version2(waiting::add);
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            long cancelled = client.ask(KEY, 1, 60_000);
            // Once the location is known, requests go on in their order.
            await().untilAsserted(() -> assertThat(waiting).hasSize(1));
            long batch = client.askAll(60_000, 1, 2, 3);
            long wanted = client.ask(KEY, 1, 60_000);
            await().untilAsserted(() -> assertThat(waiting).hasSize(3));
            client.send(cancel(cancelled));
            client.send(cancel(batch));
            await().untilAsserted(() -> assertThat(server.cancelled())
                    .containsExactly(waiting.get(0).id(), waiting.get(1).id()));

            waiting.get(0).value(KEY);
            waiting.get(2).value(KEY);
            assertThat(client.read().id()).isEqualTo(wanted);
            assertThat(rig.stats.abandoned()).isEqualTo(2);
        }
    }

    @Test
    void shouldCancelNothingAtTheServer_whenARequestStillWaitsForItsLocation() throws Exception {
        CompletableFuture<KvStateLocation> location = new CompletableFuture<>();
        rig.proxy.updateLocationOracle(Locations.JOB, (job, name) -> location);
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient client = RawClient.version2(rig.address())) {
            long cancelled = client.ask(KEY, 1, 60_000);
            long wanted = client.ask(KEY, 1, 60_000);
            client.send(cancel(cancelled));
            await().untilAsserted(() -> assertThat(rig.stats.abandoned()).isEqualTo(1));
            location.complete(Locations.of(Locations.KEY, server.address()));

            assertThat(client.read().id()).isEqualTo(wanted);
            assertThat(server.requests()).hasSize(1);
            assertThat(server.cancelled()).isEmpty();
        }
    }

    @Test
    void shouldTellTheServer_whenTheTimeOfARequestIsUp() throws Exception {
        try (FakeStateServer silent = FakeStateServer.version2(request -> {});
                RawClient client =
                        RawClient.version2(rig.place(silent.address()).address())) {
            client.ask(KEY, 1, 50);
            assertThat(client.read().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);

            await().untilAsserted(() -> assertThat(silent.cancelled())
                    .containsExactly(silent.requests().get(0).id()));
        }
    }

    @Test
    void shouldServeOthers_whenAnswersComeForClientsThatHaveGone() throws Exception {
        List<FakeStateServer.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeStateServer server = FakeStateServer.version2(waiting::add);
                RawClient other = RawClient.version2(rig.place(server.address()).address())) {
            try (RawClient client = RawClient.version2(rig.address())) {
                client.ask(KEY, 1, 60_000);
                await().untilAsserted(() -> assertThat(waiting).hasSize(1));
            }
            await().untilAsserted(() -> assertThat(rig.stats.abandoned()).isEqualTo(1));
            other.ask(KEY, 1, 5_000);
            await().untilAsserted(() -> assertThat(waiting).hasSize(2));
            waiting.get(0).value(new byte[100_000]);
            waiting.get(1).value(KEY);

            assertThat(other.read().body()).isEqualTo(KEY);
            assertThat(server.server().accepted()).isEqualTo(1);
        }
    }

    @Test
    void shouldGiveUpTheirCalls_whenClientsHaveGone() throws Exception {
        ProxyOptions oneCall = ProxyOptions.builder()
                .server(ServerOptions.builder().eventLoopThreads(1).build())
                .upstream(ConnectionOptions.builder().maxInFlight(1).build())
                .build();
        List<FakeStateServer.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeStateServer silent = FakeStateServer.version2(waiting::add);
                ProxyRig narrow = new ProxyRig(oneCall).place(silent.address());
                RawClient other = RawClient.version2(narrow.address())) {
            try (RawClient client = RawClient.version2(narrow.address())) {
                client.ask(KEY, 1, 60_000);
                await().until(() -> waiting.size() == 1);
            }
            other.ask(KEY, 1, 60_000);
            await().until(() -> waiting.size() == 2);
            waiting.get(1).value(KEY);
            assertThat(other.read().body()).isEqualTo(KEY);
        }
    }

    @Test
    void shouldGoOnLookingUpForOthers_whenTheFirstAskerHasGone() throws Exception {
        CompletableFuture<KvStateLocation> lookup = new CompletableFuture<>();
        rig.proxy.updateLocationOracle(Locations.JOB, (jobId, name) -> {
            rig.lookups.incrementAndGet();
            return lookup;
        });
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient other = RawClient.version2(rig.address())) {
            try (RawClient client = RawClient.version2(rig.address())) {
                client.ask(KEY, 1, 60_000);
                await().untilAsserted(() -> assertThat(rig.lookups).hasValue(1));
                other.ask(KEY, 1, 5_000);
                await().untilAsserted(() -> assertThat(rig.stats.requests()).isEqualTo(2));
            }
            await().untilAsserted(() -> assertThat(rig.stats.abandoned()).isEqualTo(1));
            lookup.complete(Locations.of(Locations.KEY, server.address()));

            assertThat(other.read().body()).isEqualTo(KEY);
            assertThat(rig.lookups).hasValue(1);
        }
    }

    @Test
    void shouldServeOthersAndBoundItsMemory_whenAClientReadsSlowly() throws Exception {
        byte[] value = new byte[256 * 1024];
        int requests = 500;
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(value));
                RawClient slow = RawClient.slow(rig.place(server.address()).address());
                RawClient other = RawClient.version2(rig.address())) {
            for (int i = 0; i < requests; i++) {
                slow.ask(KEY, i, 60_000);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(other.get(KEY).body()).hasSize(value.length);
                assertThat(buffers.used()).isLessThan(8L * 1024 * 1024);
            }

            int values = 0;
            for (int i = 0; i < requests; i++) {
                RawClient.Answer answer = slow.read();
                if (answer.type() == MessageType.RESULT) {
                    assertThat(answer.body()).hasSize(value.length);
                    values++;
                } else {
                    assertThat(answer.code()).isEqualTo(ErrorCode.OVERLOADED);
                }
            }
            assertThat(values).isPositive();
            assertThat(slow.get(KEY).body()).hasSize(value.length);
        }
    }

    @Test
    void shouldSayWhereAStateIs() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(FakeStateServer.Request::absent);
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            ByteBuf out = Unpooled.buffer();
            new LocationRequest(1_000, Locations.JOB, Locations.STATE).encode(out, 17);
            client.send(out);
            RawClient.Answer answer = client.read();

            assertThat(answer.type()).isEqualTo(MessageType.LOCATION);
            assertThat(answer.id()).isEqualTo(17);
            assertThat(KvStateLocation.decode(Unpooled.wrappedBuffer(answer.body())))
                    .isEqualTo(Locations.of(Locations.KEY, server.address()));
        }
    }

    @Test
    void shouldSayWhyNot_whenItDoesNotKnowWhereAStateIs() throws Exception {
        try (RawClient client = RawClient.version2(rig.address())) {
            ByteBuf out = Unpooled.buffer();
            new LocationRequest(1_000, Locations.JOB, "no such state").encode(out, 1);
            new LocationRequest(1_000, Locations.OTHER_JOB, Locations.STATE).encode(out, 2);
            client.send(out);

            assertThat(List.of(codeOf(client.read()), codeOf(client.read())))
                    .containsExactlyInAnyOrder("1 LOCATION_UNKNOWN", "2 UNKNOWN_JOB");
        }
    }

    @Test
    void shouldEndByItsDeadline_whenALocationIsNotFoundInTime() throws Exception {
        rig.proxy.updateLocationOracle(Locations.JOB, (jobId, name) -> new CompletableFuture<>());
        try (RawClient client = RawClient.version2(rig.address())) {
            ByteBuf out = Unpooled.buffer();
            new LocationRequest(100, Locations.JOB, Locations.STATE).encode(out, 1);
            client.send(out);
            assertThat(client.read().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void shouldListWhatItsTaskManagerKnows() throws Exception {
        CatalogueEntry entry = new CatalogueEntry(
                Locations.JOB,
                "job",
                Locations.STATE,
                StateKind.VALUE,
                "string",
                "long",
                Locations.KEY_GROUPS,
                new KeyGroupRange(0, 3));
        rig.catalogue.add(entry);
        try (RawClient client = RawClient.version2(rig.address())) {
            ByteBuf out = Unpooled.buffer();
            new CatalogueRequest(1_000).encode(out, 5);
            client.send(out);
            RawClient.Answer answer = client.read();

            assertThat(answer.type()).isEqualTo(MessageType.CATALOGUE);
            assertThat(CatalogueEntry.decodeAll(Unpooled.wrappedBuffer(answer.body())))
                    .containsExactly(entry);
        }
    }

    @Test
    void shouldFailThatRequestOnly_whenTheCatalogueCannotBeListed() throws Exception {
        rig.catalogueFailure = new IllegalStateException("broken");
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            ByteBuf out = Unpooled.buffer();
            new CatalogueRequest(1_000).encode(out, 5);
            client.send(out);
            assertThat(codeOf(client.read())).isEqualTo("5 STATE_FAILED");
            assertThat(client.get(KEY).body()).isEqualTo(KEY);
        }
    }

    @Test
    void shouldRefuseTheMessage_whenItIsForAStateServer() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            ByteBuf out = Unpooled.buffer();
            Frames.writeEmpty(out, MessageType.KV_STATE_INTERNAL_REQUEST, 3);
            client.send(out);
            assertThat(codeOf(client.read())).isEqualTo("3 BAD_REQUEST");

            ByteBuf unknown = Unpooled.buffer();
            Frames.writeEmpty(unknown, MessageType.PING, 4);
            client.send(unknown.setShort(Frames.TYPE_OFFSET, 999));
            assertThat(codeOf(client.read())).isEqualTo("4 BAD_REQUEST");

            assertThat(client.get(KEY).body()).isEqualTo(KEY);
        }
    }

    @Test
    void shouldAnswerWhatItHasAccepted_whenItStops() throws Exception {
        List<FakeStateServer.Request> waiting = new CopyOnWriteArrayList<>();
        try (FakeStateServer server = FakeStateServer.version2(waiting::add);
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            client.ask(KEY, 1, 4_000);
            await().untilAsserted(() -> assertThat(waiting).hasSize(1));
            CompletableFuture<Void> stopped = rig.proxy.stop();
            assertThat(client.read().type()).isEqualTo(MessageType.GOING_AWAY);
            client.ask(KEY, 1, 4_000);
            assertThat(client.read().code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
            waiting.get(0).value(KEY);

            assertThat(client.read().body()).isEqualTo(KEY);
            assertThat(stopped).succeedsWithin(4, TimeUnit.SECONDS);
        }
    }

    private static String codeOf(RawClient.Answer answer) {
        return answer.id() + " " + answer.code();
    }

    private static ByteBuf cancel(long id) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeEmpty(out, MessageType.CANCEL, id);
        return out;
    }
}
