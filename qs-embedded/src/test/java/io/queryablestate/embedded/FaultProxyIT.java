package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyIT {

    private static final int FRAME_BYTES = Frames.BODY_OFFSET + Long.BYTES;

    private FrameServer echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new FrameServer(connection -> {
            while (true) {
                connection.write(connection.read());
            }
        });
        proxy = FaultProxy.to(new ServerAddress("127.0.0.1", echo.port()), 42);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void shouldPassEverythingOn_whenThereIsNoFault() throws IOException {
        try (FrameSocket client = connect()) {
            assertThat(ask(client, 3)).containsExactly(1L, 2L, 3L);
            assertThat(proxy.openConnections()).isOne();
        }
        Awaitility.await().until(() -> proxy.openConnections() == 0 && echo.open() == 0);
        assertThat(proxy.effects()).isZero();
    }

    @Test
    void shouldRefuseConnectionsAndEndOpenOnes_whenNobodyListens() throws IOException {
        FrameSocket open = connect();
        ask(open, 1);

        proxy.inject(new Fault.Refuse());

        assertThatThrownBy(open::read).isInstanceOfAny(SocketException.class, EOFException.class);
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(proxy.effects()).isOne();
        proxy.heal();
        try (FrameSocket client = connect()) {
            assertThat(ask(client, 1)).containsExactly(1L);
        }
    }

    @Test
    void shouldRefuseConnections_whenClientsConnectAtThatMoment() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread clients = new Thread(() -> {
            while (!over.get()) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), proxy.address().port()));
                } catch (IOException e) {
                    // Refused, or reset in the queue.
                }
            }
        });
        clients.start();
        try {
            for (int i = 0; i < 100; i++) {
                proxy.inject(new Fault.Refuse());
                assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
                proxy.heal();
            }
        } finally {
            over.set(true);
            clients.join();
        }
    }

    @Test
    void shouldLeaveConnectingWithoutAnEnd_whenNobodyAccepts() throws IOException {
        proxy.inject(new Fault.NeverAccept());

        assertThatThrownBy(() -> {
                    List<Socket> sockets = new ArrayList<>();
                    try {
                        // The last of them finds the queue full, however the system counts.
                        for (int i = 0; i < 4; i++) {
                            Socket socket = new Socket();
                            sockets.add(socket);
                            socket.connect(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(),
                                            proxy.address().port()),
                                    200);
                        }
                    } finally {
                        for (Socket socket : sockets) {
                            socket.close();
                        }
                    }
                })
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(echo.accepted()).isZero();
    }

    @Test
    void shouldNeverReachTheServer_whenItIsSilent() throws IOException {
        proxy.inject(new Fault.Silence());
        try (Socket client = connectPlainly()) {
            client.getOutputStream().write(new byte[1000]);
            client.setSoTimeout(100);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(echo.accepted()).isZero();
        assertThat(proxy.effects()).isOne();
    }

    @Test
    void shouldCutAtTheVeryByte_whenAConnectionEndsInTheMiddleOfAFrame() throws IOException {
        for (int bytes : new int[] {0, 1, FRAME_BYTES - 1}) {
            proxy.inject(new Fault.Cut(Fault.Direction.ANSWERS, bytes, Fault.Ending.CLOSE));
            try (Socket client = connectPlainly()) {
                client.getOutputStream().write(bytes(1));
                assertThat(client.getInputStream().readAllBytes()).hasSize(bytes);
            }
        }
        assertThat(proxy.effects()).isEqualTo(3);
    }

    @Test
    void shouldReset_whenTheCutSaysSo() throws IOException {
        proxy.inject(new Fault.Cut(Fault.Direction.REQUESTS, 5, Fault.Ending.RESET));
        try (FrameSocket client = connect()) {
            client.write(Unpooled.wrappedBuffer(bytes(1)));
            assertThatThrownBy(client::read).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void shouldGoOnTakingRequests_whenOnlyTheAnswersEnd() throws IOException {
        proxy.inject(new Fault.Cut(Fault.Direction.ANSWERS, 0, Fault.Ending.HALF_CLOSE));
        try (FrameSocket client = connect()) {
            client.write(Unpooled.wrappedBuffer(bytes(1)));
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
            client.write(Unpooled.wrappedBuffer(bytes(2)));
            assertThat(proxy.openConnections()).isOne();
        }
    }

    @Test
    void shouldTakeItsTime_whenBytesAreThrottledOrDelayed() throws IOException {
        try (FrameSocket client = connect()) {
            proxy.inject(new Fault.Throttle(FRAME_BYTES / 2, Duration.ofMillis(50)));
            assertThat(millisToAsk(client)).isGreaterThanOrEqualTo(200);
            proxy.inject(new Fault.Delay(Duration.ofMillis(100), Duration.ofMillis(120)));
            assertThat(millisToAsk(client)).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void shouldLoseNothing_whenBytesAreSplitAndMerged() throws IOException {
        proxy.inject(new Fault.Chop());
        try (FrameSocket client = connect()) {
            assertThat(ask(client, 200))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 200).boxed().toList());
        }
        assertThat(proxy.effects()).isPositive();
    }

    @Test
    void shouldChangeOneBit_whenBitsAreFlipped() throws IOException {
        proxy.inject(new Fault.FlipBits(Fault.Direction.ANSWERS));
        try (Socket client = connectPlainly()) {
            client.getOutputStream().write(bytes(1));
            byte[] answer = client.getInputStream().readNBytes(FRAME_BYTES);
            int changed = 0;
            for (int i = 0; i < answer.length; i++) {
                changed += Integer.bitCount((answer[i] ^ bytes(1)[i]) & 0xff);
            }
            assertThat(changed).isEqualTo((int) proxy.effects()).isPositive();
        }
    }

    @Test
    void shouldAnswerTwiceSwappedOrWithAForeignId_whenAnswersAreToBeWrong() throws IOException {
        try (FrameSocket client = connect()) {
            proxy.inject(new Fault.Duplicate());
            send(client, 1);
            assertThat(idOf(client)).isEqualTo(idOf(client)).isOne();

            proxy.inject(new Fault.Reorder());
            send(client, 2);
            send(client, 3);
            assertThat(List.of(idOf(client), idOf(client))).containsExactly(3L, 2L);

            proxy.inject(new Fault.UnknownIds());
            send(client, 4);
            assertThat(idOf(client)).isNegative();
            assertThat(idOf(client)).isEqualTo(4);
        }
    }

    @Test
    void shouldLetOthersOvertake_whenAnAnswerIsLate() throws IOException {
        try (FrameSocket client = connect()) {
            proxy.inject(new Fault.Late(Duration.ofSeconds(2)));
            send(client, 1);
            Awaitility.await().until(() -> proxy.effects() == 1);
            proxy.heal();
            send(client, 2);
            assertThat(List.of(idOf(client), idOf(client))).containsExactly(2L, 1L);
        }
    }

    @Test
    void shouldGoElsewhere_whenTheTargetMoves() throws IOException {
        try (FrameServer other = new FrameServer(connection -> connection.write(frame(99)))) {
            proxy.target(new ServerAddress("127.0.0.1", other.port()));
            try (FrameSocket client = connect()) {
                assertThat(idOf(client)).isEqualTo(99);
            }
        }
    }

    private FrameSocket connect() throws IOException {
        return FrameSocket.connect(proxy.address().port());
    }

    private Socket connectPlainly() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static long millisToAsk(FrameSocket client) throws IOException {
        long start = System.nanoTime();
        ask(client, 1);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static List<Long> ask(FrameSocket client, int frames) throws IOException {
        for (int id = 1; id <= frames; id++) {
            send(client, id);
        }
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            ids.add(idOf(client));
        }
        return ids;
    }

    private static void send(FrameSocket client, long id) throws IOException {
        client.write(frame(id));
    }

    private static long idOf(FrameSocket client) throws IOException {
        return Frames.requestId(client.read(), 0);
    }

    private static byte[] bytes(long id) {
        return frame(id).array();
    }

    private static ByteBuf frame(long id) {
        return Unpooled.wrappedBuffer(new byte[FRAME_BYTES])
                .setInt(0, FRAME_BYTES - Integer.BYTES)
                .setLong(Frames.REQUEST_ID_OFFSET, id);
    }
}
