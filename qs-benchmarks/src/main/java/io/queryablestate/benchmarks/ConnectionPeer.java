package io.queryablestate.benchmarks;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.BufferBudget;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.EventLoops;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.network.PeerConnections;
import java.io.IOException;
import java.util.List;

/**
 * One connection of this project to its state server, as a proxy has it: what a client can reach at best that asks the
 * server itself. Answers come on the event loop.
 */
final class ConnectionPeer implements Peer {

    private static final int BUDGET_MILLIS = 2_000;

    @Override
    public String startServer(List<Workload> workloads) throws IOException {
        return OurPeer.withDefaults().startServer(workloads);
    }

    @Override
    public String startProxy(String server) {
        throw new UnsupportedOperationException("a connection has no proxy");
    }

    @Override
    public KeyReader connect(String proxy) {
        throw new UnsupportedOperationException("a connection has no proxy");
    }

    @Override
    public KeyReader connectOneHop(String server, String proxy) {
        EventLoopContext context = new EventLoops("connection", 1, BufferBudget.ofProcess())
                .loops()
                .get(0)
                .context();
        PeerConnection connection =
                new PeerConnections(context, ConnectionOptions.builder().build()).to(ServerAddress.parse(server));
        return (key, answer) -> {
            Read read = new Read(key, answer);
            if (context.loop().inEventLoop()) {
                connection.send(read);
            } else {
                context.loop().execute(() -> connection.send(read));
            }
        };
    }

    private static final class Read extends ReadCall {

        Read(long key, KeyReader.Answer answer) {
            super(key, answer);
        }

        @Override
        public void encode(FrameOutput out, long requestId, boolean version1) {
            byte[] bytes = KeyAndNamespace.serialize(Serializers.LONG, key());
            int keyGroup = KeyGroups.of(Long.hashCode(key()), OurPeer.MAX_PARALLELISM);
            KvStateInternalRequestCodec.encodeHeader(
                    out.reserve(KvStateInternalRequestCodec.HEADER_BYTES),
                    requestId,
                    BUDGET_MILLIS,
                    OurPeer.KV_STATE,
                    keyGroup,
                    bytes.length);
            out.append(bytes);
        }
    }
}
