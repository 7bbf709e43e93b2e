package io.queryablestate.benchmarks;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.BufferBudget;
import io.queryablestate.network.Call;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.EventLoops;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.network.PeerConnections;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many connections to one proxy on one event loop, used in turn. Commands are given by one thread. */
final class ManyConnections implements KeyReader {

    private static final int BUDGET_MILLIS = (int) TimeUnit.MINUTES.toMillis(2);
    private static final long OPEN_SECONDS = 20;
    private static final byte[] FIRST_STATE = ScaleStates.name(0).getBytes(StandardCharsets.UTF_8);
    private static final byte[] SILENT_STATE =
            ScaleStates.name(ScaleStates.SILENT).getBytes(StandardCharsets.UTF_8);

    private final ServerAddress proxy;
    private final EventLoops loops = new EventLoops("connections", 1, BufferBudget.ofProcess());
    private final EventLoopContext context = loops.loops().get(0).context();
    private final ConnectionOptions options = ConnectionOptions.builder()
            .connectTimeout(Duration.ofSeconds(OPEN_SECONDS))
            .build();
    /** One for each connection, as each has one to an address. */
    private final List<PeerConnections> owners = new ArrayList<>();

    private final List<PeerConnection> connections = new ArrayList<>();
    private int next;

    ManyConnections(ServerAddress proxy) {
        this.proxy = proxy;
    }

    /** Opens connections until there are so many, and uses only so many from now on. */
    void open(int count) throws Exception {
        CompletableFuture.runAsync(
                        () -> {
                            while (connections.size() > count) {
                                connections.remove(connections.size() - 1);
                                owners.remove(owners.size() - 1).close();
                            }
                        },
                        context.loop())
                .get(OPEN_SECONDS, TimeUnit.SECONDS);
        int missing = count - connections.size();
        CountDownLatch answered = new CountDownLatch(missing);
        context.loop().execute(() -> {
            for (int i = 0; i < missing; i++) {
                PeerConnections owner = new PeerConnections(context, options);
                PeerConnection connection = owner.to(proxy);
                owners.add(owner);
                connections.add(connection);
                // An answer, rather than a connection alone: the proxy has taken it in.
                connection.send(new Read(FIRST_STATE, Workload.SMALL.key(0), new Opened(answered)));
            }
        });
        if (!answered.await(OPEN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(answered.getCount() + " connections were not opened");
        }
    }

    @Override
    public void get(long key, Answer answer) {
        Read read = new Read(FIRST_STATE, key, answer);
        if (context.loop().inEventLoop()) {
            send(read);
        } else {
            context.loop().execute(() -> send(read));
        }
    }

    private void send(Call call) {
        next = next + 1 < connections.size() ? next + 1 : 0;
        connections.get(next).send(call);
    }

    /** Makes requests that are never answered. Returns when they have been sent. */
    void askForNothing(int requests) throws Exception {
        CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < requests; i++) {
                                send(new Read(SILENT_STATE, Workload.SMALL.randomKey(), Opened.NOBODY));
                            }
                        },
                        context.loop())
                .get(OPEN_SECONDS, TimeUnit.SECONDS);
    }

    /** Closes all connections and ends the event loop. */
    void close() throws Exception {
        CompletableFuture.runAsync(() -> owners.forEach(PeerConnections::close), context.loop())
                .thenCompose(closed -> loops.stop())
                .get(OPEN_SECONDS, TimeUnit.SECONDS);
    }

    private record Opened(CountDownLatch answered) implements Answer {

        private static final Opened NOBODY = new Opened(new CountDownLatch(0));

        @Override
        public void value(byte[] value) {
            answered.countDown();
        }

        @Override
        public void failure(Throwable cause) {
            // Shows in the connections that are missing.
        }
    }

    private static final class Read extends ReadCall {

        private final byte[] state;

        Read(byte[] state, long key, Answer answer) {
            super(key, answer);
            this.state = state;
        }

        @Override
        public void encode(FrameOutput out, long requestId, boolean version1) {
            byte[] keyAndNamespace = KeyAndNamespace.serialize(Serializers.LONG, key());
            KvStateRequestCodec.encode(
                    out.reserve(KvStateRequestCodec.encodedSize(state, keyAndNamespace)),
                    requestId,
                    BUDGET_MILLIS,
                    ScaleStates.JOB,
                    state,
                    Long.hashCode(key()),
                    keyAndNamespace);
        }
    }
}
