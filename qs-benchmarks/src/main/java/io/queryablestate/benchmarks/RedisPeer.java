package io.queryablestate.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;

/** Redis without persistence, asked by Lettuce over one connection. It has no proxy. */
final class RedisPeer implements Peer {

    private static final int KEYS_AT_ONCE = 1_000;

    @Override
    public String startServer(List<Workload> workloads) throws IOException, InterruptedException {
        ServerAddress address = RedisServer.start();
        RedisClient client = RedisClient.create(uri(address));
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            for (Workload workload : workloads) {
                fill(connection, workload);
            }
        } finally {
            client.shutdown();
        }
        return address.toString();
    }

    private static void fill(StatefulRedisConnection<byte[], byte[]> connection, Workload workload) {
        IdentityHashMap<byte[], byte[]> values = new IdentityHashMap<>();
        for (int index = 0; index < workload.keys(); index++) {
            long key = workload.key(index);
            values.put(bytes(key), Workload.valueOf(key));
            if (values.size() == KEYS_AT_ONCE || index == workload.keys() - 1) {
                connection.sync().mset(values);
                values.clear();
            }
        }
    }

    @Override
    public String startProxy(String server) {
        throw new UnsupportedOperationException("Redis is asked without a proxy");
    }

    @Override
    public KeyReader connect(String proxy) {
        throw new UnsupportedOperationException("Redis is asked without a proxy");
    }

    @Override
    public KeyReader connectOneHop(String server, String proxy) {
        StatefulRedisConnection<byte[], byte[]> connection =
                RedisClient.create(uri(ServerAddress.parse(server))).connect(ByteArrayCodec.INSTANCE);
        return (key, answer) -> connection.async().get(bytes(key)).whenComplete((value, failure) -> {
            if (failure != null) {
                answer.failure(failure);
            } else if (value == null) {
                answer.failure(new IllegalStateException("no value for key " + key));
            } else {
                answer.value(value);
            }
        });
    }

    private static RedisURI uri(ServerAddress address) {
        return RedisURI.create(address.host(), address.port());
    }

    private static byte[] bytes(long key) {
        return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
    }
}
