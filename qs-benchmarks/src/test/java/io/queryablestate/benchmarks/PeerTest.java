package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerTest {

    private static final Workload SMALL = new Workload(1_000, Workload.SMALL.valueBytes());
    private static final Workload LARGE = new Workload(2, Workload.LARGE.valueBytes());

    @ParameterizedTest
    @EnumSource
    void shouldAnswerByEveryWay_whenItsPartsAreStarted(PeerName name) throws Exception {
        assumeThat(name != PeerName.REDIS || isOnPath("redis-server"))
                .as("redis-server is on the path")
                .isTrue();
        Peer peer = name.create();
        String server = peer.startServer(List.of(SMALL, LARGE));
        String proxy = name.hops().contains(Hop.PROXIED) ? peer.startProxy(server) : PeerProcess.NONE;

        for (Hop hop : name.hops()) {
            KeyReader reader = hop == Hop.PROXIED ? peer.connect(proxy) : peer.connectOneHop(server, proxy);
            // The second round finds what the first one has left behind: connections, locations, parts of frames.
            for (int round = 0; round < 2; round++) {
                for (long key : new long[] {SMALL.key(471), LARGE.key(1), SMALL.key(0), LARGE.key(0)}) {
                    assertThat(get(reader, key)).isEqualTo(Workload.valueOf(key));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OURS", "OURS_DIRECT"})
    void shouldAnswerManyKeysInTheirOrder_whenItReadsThemAtOnce(PeerName name) throws Exception {
        assertThat(Row.GET_ALL.isFor(name)).isTrue();
        Peer peer = name.create();
        KeyReader reader = peer.connect(peer.startProxy(peer.startServer(List.of(SMALL))));
        CompletableFuture<byte[][]> answer = new CompletableFuture<>();
        long[] keys = {SMALL.key(3), SMALL.key(1), SMALL.key(2), SMALL.key(1)};

        reader.getAll(keys, new KeyReader.BatchAnswer() {
            @Override
            public void values(byte[][] values) {
                answer.complete(values);
            }

            @Override
            public void failure(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });

        assertThat(answer.get(10, TimeUnit.SECONDS))
                .isEqualTo(LongStream.of(keys).mapToObj(Workload::valueOf).toArray(byte[][]::new));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeFoundByItsId_whenAProcessIsToldOfIt(PeerName name) {
        assertThat(PeerName.ofId(name.id())).isEqualTo(name);
    }

    private static byte[] get(KeyReader reader, long key) throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        reader.get(key, new KeyReader.Answer() {
            @Override
            public void value(byte[] value) {
                answer.complete(value);
            }

            @Override
            public void failure(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
