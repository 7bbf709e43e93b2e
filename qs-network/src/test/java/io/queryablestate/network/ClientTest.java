package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.TestCall.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients and servers over real sockets, under load. */
@Timeout(60)
class ClientTest {

    private static final int REQUESTS = 1_024;

    private final CountingStats stats = new CountingStats();
    private final TestServer server = new TestServer(stats);
    private final TestClient client = new TestClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void leavesNothingBehind() {
        threads.shutdownNow();
        client.close();
        server.close();
        assertThat(stats.openConnections()).isZero();
        assertThat(stats.inFlight()).isZero();
        assertThat(client.stats.openConnections()).isZero();
    }

    @Test
    void shouldCountExactly_whenHalfOfTheRequestsFail() throws Exception {
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            calls.add(new TestCall(i % 2 == 0 ? Script.ECHO_LATER : Script.FAIL, bytes(i)));
        }
        client.sendAll(server.address(), calls);

        for (int i = 0; i < REQUESTS; i++) {
            Outcome outcome = calls.get(i).await();
            if (i % 2 == 0) {
                assertThat(outcome.value()).isEqualTo(bytes(i));
            } else {
                assertThat(outcome.code()).isEqualTo(ErrorCode.UNKNOWN_JOB);
            }
        }
        assertThat(stats.connections()).isEqualTo(1);
        assertThat(stats.requests()).isEqualTo(REQUESTS);
        assertThat(stats.successes()).isEqualTo(REQUESTS / 2);
        assertThat(stats.failures()).isEqualTo(REQUESTS / 2);
        assertThat(stats.failures(ErrorCode.UNKNOWN_JOB)).isEqualTo(REQUESTS / 2);
    }

    @Test
    void shouldAnswerAll_whenFourThreadsShareAConnection() throws Exception {
        ServerAddress address = server.address();
        List<Future<List<TestCall>>> senders = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int number = thread;
            senders.add(threads.submit(() -> {
                List<TestCall> calls = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    calls.add(client.send(address, new TestCall(Script.ECHO, bytes(number * REQUESTS + i))));
                }
                return calls;
            }));
        }

        for (int thread = 0; thread < 4; thread++) {
            List<TestCall> calls = senders.get(thread).get(30, TimeUnit.SECONDS);
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(calls.get(i).await().value()).isEqualTo(bytes(thread * REQUESTS + i));
            }
        }
        assertThat(stats.connections()).isEqualTo(1);
        assertThat(stats.successes()).isEqualTo(4 * REQUESTS);
    }

    @Test
    void shouldAnswerAll_whenManyRequestsWaitForTheConnection() throws Exception {
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            byte[] key = new byte[2_000];
            System.arraycopy(bytes(i), 0, key, 0, Integer.BYTES);
            calls.add(new TestCall(i % 3 == 0 ? Script.ECHO_LATER : Script.ECHO, key));
        }
        client.sendAll(server.address(), calls);

        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).await().value()).hasSize(2_000).startsWith(bytes(i));
        }
    }

    @Test
    void shouldForgetTheConnection_whenServerStopsAndConnectAgainWhenAsked() throws Exception {
        assertThat(client.send(server.address(), new TestCall(Script.ECHO))
                        .await()
                        .isValue())
                .isTrue();
        ServerAddress address = server.address();
        server.close();

        assertThat(client.send(address, new TestCall(Script.ECHO)).await().isConnectionFailure())
                .isTrue();
    }

    @Test
    void shouldEndEveryCallAndConnection_whenClosedUnderLoadOnTwoServers() throws Exception {
        TestServer second = new TestServer(stats);
        second.start();
        AtomicLong answered = new AtomicLong();
        CompletableFuture<Void> enough = new CompletableFuture<>();
        List<CompletableFuture<Outcome>> ends = new ArrayList<>();
        for (int task = 0; task < 8; task++) {
            byte mark = (byte) (task % 2);
            PeerConnection connection = client.to(task % 2 == 0 ? server.address() : second.address());
            CompletableFuture<Outcome> end = new CompletableFuture<>();
            ends.add(end);
            client.context.loop().execute(() -> askForEver(connection, mark, end, answered, enough));
        }
        enough.get(50, TimeUnit.SECONDS);
        client.closeConnections();

        for (CompletableFuture<Outcome> end : ends) {
            assertThat(end.get(10, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
        }
        assertThat(answered.get()).isGreaterThanOrEqualTo(100_000);
        second.close();
        server.close();
        assertThat(stats.connections()).isEqualTo(2);
        assertThat(stats.openConnections()).isZero();
        assertThat(client.stats.openConnections()).isZero();
    }

    /** Asks again with each answer; completes {@code end} with the first failure, or the first wrong value. */
    private static void askForEver(
            PeerConnection connection,
            byte mark,
            CompletableFuture<Outcome> end,
            AtomicLong answered,
            CompletableFuture<Void> enough) {
        TestCall call = new TestCall(Script.ECHO, mark);
        call.outcome.thenAccept(outcome -> {
            if (outcome.isValue() && outcome.value().length == 1 && outcome.value()[0] == mark) {
                if (answered.incrementAndGet() == 100_000) {
                    enough.complete(null);
                }
                askForEver(connection, mark, end, answered, enough);
            } else {
                end.complete(outcome);
            }
        });
        connection.send(call);
    }

    private static byte[] bytes(int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }
}
