package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.proxy.KvStateClientProxy;
import io.queryablestate.proxy.ProxyOptions;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.OwnerQueue;
import io.queryablestate.server.ReadMode;
import io.queryablestate.server.RegisteredKvState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody waits for any more leaves every queue on its way: client, proxy, a state server whose owner never comes. */
class CancelIT {

    private static final JobId JOB = new JobId(1, 2);
    private static final KeyGroupRange ALL = new KeyGroupRange(0, 127);
    private static final Duration LONG = Duration.ofMinutes(2);

    private final KvStateRegistry registry =
            new KvStateRegistry(KvStateRegistryOptions.builder().build());
    /** Its owner takes the drain and never runs it. */
    private final OwnerQueue queue = registry.newOwnerQueue(drain -> {});

    private final CountingStats serverStats = new CountingStats();
    private final CountingStats proxyStats = new CountingStats();
    private final KvStateServer server =
            new KvStateServer(ServerOptions.builder().build(), registry, serverStats);
    private final KvStateClientProxy proxy =
            new KvStateClientProxy(ProxyOptions.builder().build(), List::of, proxyStats);
    private QueryableStateClient client;
    private QueryableState<Long, Long> queried;

    @BeforeEach
    void start() throws Exception {
        RegisteredKvState state = registry.register(KvStateRegistration.builder()
                .jobId(JOB)
                .stateName("counts")
                .keyGroups(128, ALL)
                .state((key, context) -> key, ReadMode.owner(queue))
                .build());
        server.start();
        KvStatePlacement placement = new KvStatePlacement(state.kvStateId(), server.address());
        proxy.updateLocationOracle(
                JOB,
                (job, name) -> CompletableFuture.completedFuture(KvStateLocation.builder(job, name, 128)
                        .place(ALL, placement)
                        .build()));
        proxy.start();
        client = QueryableStateClient.builder()
                .proxy(proxy.address())
                .requestTimeout(LONG)
                .build();
        queried = client.state(JOB, "counts", Serializers.LONG, StateDescriptor.value(Serializers.LONG));
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        server.close();
        registry.close();
    }

    @Test
    void shouldLeaveTheQueueOfTheState_whenFuturesAreCancelled() {
        List<CompletableFuture<?>> single = new ArrayList<>();
        for (long key = 0; key < 100; key++) {
            single.add(queried.get(key));
        }
        CompletableFuture<?> batch =
                queried.getAll(LongStream.range(0, 50).boxed().toList());
        await().untilAsserted(() -> assertThat(queue.queuedReads()).isEqualTo(150));

        single.subList(1, 100).forEach(future -> future.cancel(true));
        batch.cancel(true);
        await().atMost(1, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(queue.queuedReads()).isEqualTo(1));
        assertThat(proxyStats.inFlight()).isEqualTo(1);
        assertThat(serverStats.inFlight()).isEqualTo(1);
        assertThat(single.get(0)).isNotDone();
    }

    @Test
    void shouldLeaveTheQueueOfTheState_whenTheClientHasGone() {
        for (long key = 0; key < 500; key++) {
            queried.get(key);
        }
        await().untilAsserted(() -> assertThat(queue.queuedReads()).isEqualTo(500));

        client.close();
        await().atMost(1, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(queue.queuedReads()).isZero());
        assertThat(proxyStats.inFlight()).isZero();
        assertThat(serverStats.inFlight()).isZero();
    }
}
