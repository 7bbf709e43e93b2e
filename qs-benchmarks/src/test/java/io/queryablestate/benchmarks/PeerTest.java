package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerTest {

    @ParameterizedTest
    @EnumSource
    void shouldAnswerThroughItsProxy_whenItsPartsAreStarted(PeerName name) throws Exception {
        Peer peer = name.create();
        KeyReader reader = peer.connect(peer.startProxy(peer.startServer()));
        CompletableFuture<byte[]> answer = new CompletableFuture<>();

        reader.get(4711, new KeyReader.Answer() {
            @Override
            public void value(byte[] value) {
                answer.complete(value);
            }

            @Override
            public void failure(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });

        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(Workload.valueOf(4711));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeFoundByItsId_whenAProcessIsToldOfIt(PeerName name) {
        assertThat(PeerName.ofId(name.id())).isEqualTo(name);
    }
}
