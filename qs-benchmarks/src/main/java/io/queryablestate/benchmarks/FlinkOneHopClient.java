package io.queryablestate.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.queryablestate.client.VoidNamespace;
import org.apache.flink.queryablestate.client.VoidNamespaceSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.queryablestate.messages.KvStateInternalRequest;
import org.apache.flink.queryablestate.messages.KvStateResponse;
import org.apache.flink.queryablestate.network.Client;
import org.apache.flink.queryablestate.network.messages.MessageSerializer;
import org.apache.flink.queryablestate.network.stats.DisabledKvStateRequestStats;

/** Asks a state server as Flink's proxy does, with one thread as Flink's client has. */
final class FlinkOneHopClient implements KeyReader {

    private static final int EVENT_LOOP_THREADS = 1;

    private final FlinkPeer.ServerLocation state;
    private final Client<KvStateInternalRequest, KvStateResponse> client = new Client<>(
            "one hop",
            EVENT_LOOP_THREADS,
            new MessageSerializer<>(
                    new KvStateInternalRequest.KvStateInternalRequestDeserializer(),
                    new KvStateResponse.KvStateResponseDeserializer()),
            new DisabledKvStateRequestStats());

    FlinkOneHopClient(FlinkPeer.ServerLocation state) {
        this.state = state;
    }

    @Override
    public void get(long key, Answer answer) {
        client.sendRequest(state.address(), new KvStateInternalRequest(state.id(), serialized(key)))
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        answer.failure(failure);
                    } else {
                        answer(response.getContent(), answer);
                    }
                });
    }

    private static byte[] serialized(long key) {
        try {
            return KvStateSerializer.serializeKeyAndNamespace(
                    key, LongSerializer.INSTANCE, VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(byte[] content, Answer answer) {
        byte[] value;
        try {
            value = KvStateSerializer.deserializeValue(content, BytePrimitiveArraySerializer.INSTANCE);
        } catch (IOException e) {
            answer.failure(e);
            return;
        }
        answer.value(value);
    }
}
