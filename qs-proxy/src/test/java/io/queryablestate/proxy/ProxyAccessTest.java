package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.CatalogueRequest;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.LocationRequest;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.routing.LocationKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that may read one state only, at a job that has two and is asked for a third. */
class ProxyAccessTest {

    private static final byte[] KEY = {1, 42, 0};
    private static final LocationKey PERMITTED = new LocationKey(Locations.JOB, "public");
    private static final LocationKey FORBIDDEN = new LocationKey(Locations.JOB, "secret");
    private static final LocationKey MISSING = new LocationKey(Locations.JOB, "nought");

    private ProxyRig rig;
    private FakeStateServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeStateServer.version2(request -> request.value(KEY));
        ServerSecurity security = ServerSecurity.builder()
                .access((who, job, state) -> !state.equals("secret"))
                .build();
        rig = new ProxyRig(ProxyOptions.builder()
                .server(ServerOptions.builder().security(security).build())
                .build());
        rig.proxy.updateLocationOracle(
                Locations.JOB,
                (job, name) -> name.equals("nought")
                        ? CompletableFuture.failedFuture(new QueryableStateException(
                                ErrorCode.LOCATION_UNKNOWN, "the oracle has not heard of it"))
                        : CompletableFuture.completedFuture(
                                Locations.of(new LocationKey(job, name), server.address())));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAnswerForbiddenAsMissing_andForwardWhatIsPermitted(int version) throws Exception {
        try (RawClient client = RawClient.version(version, rig.address())) {
            Failure forbidden = ask(client, FORBIDDEN).failure();
            Failure missing = ask(client, MISSING).failure();

            assertThat(forbidden.code()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);
            assertThat(forbidden.text().replace("secret", "nought")).isEqualTo(missing.text());
            assertThat(forbidden.withText("")).isEqualTo(missing.withText(""));
            assertThat(ask(client, PERMITTED).body()).isEqualTo(KEY);
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void shouldNotLearnFromOthers_whenAPermittedClientHasAsked() throws Exception {
        ServerSecurity security = ServerSecurity.builder()
                .access((who, job, state) -> rig.lookups.get() == 0)
                .build();
        try (ProxyRig shared = new ProxyRig(ProxyOptions.builder()
                                .server(ServerOptions.builder()
                                        .eventLoopThreads(1)
                                        .security(security)
                                        .build())
                                .build())
                        .place(server.address());
                RawClient client = RawClient.version2(shared.address())) {
            assertThat(ask(client, FORBIDDEN).type()).isEqualTo(MessageType.RESULT);
            rig.lookups.incrementAndGet();

            assertThat(ask(client, FORBIDDEN).code()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);
        }
    }

    @Test
    void shouldTellNoLocation_whenTheStateIsForbidden() throws Exception {
        try (RawClient client = RawClient.version2(rig.address())) {
            Failure forbidden = askForLocation(client, FORBIDDEN).failure();
            Failure missing = askForLocation(client, MISSING).failure();

            assertThat(forbidden.text().replace("secret", "nought")).isEqualTo(missing.text());
            assertThat(forbidden.code()).isEqualTo(missing.code());
            assertThat(askForLocation(client, PERMITTED).type()).isEqualTo(MessageType.LOCATION);
        }
    }

    @Test
    void shouldListOnlyWhatIsPermitted() throws Exception {
        rig.catalogue.addAll(List.of(entry("secret"), entry("public")));
        try (RawClient client = RawClient.version2(rig.address())) {
            ByteBuf frame = Unpooled.buffer();
            new CatalogueRequest(5_000).encode(frame, 1);
            client.send(frame);

            byte[] body = client.read().body();
            assertThat(CatalogueEntry.decodeAll(Unpooled.wrappedBuffer(body)))
                    .extracting(CatalogueEntry::stateName)
                    .containsExactly("public");
        }
    }

    private static CatalogueEntry entry(String state) {
        return new CatalogueEntry(
                Locations.JOB, "job", state, StateKind.VALUE, "key", "value", 128, new KeyGroupRange(0, 127));
    }

    private static RawClient.Answer ask(RawClient client, LocationKey state) throws Exception {
        client.ask(state, KEY, 4711, 5_000);
        return client.read();
    }

    private static RawClient.Answer askForLocation(RawClient client, LocationKey state) throws Exception {
        ByteBuf frame = Unpooled.buffer();
        new LocationRequest(5_000, state.jobId(), state.stateName()).encode(frame, 1);
        client.send(frame);
        return client.read();
    }
}
