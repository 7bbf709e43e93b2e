package io.queryablestate.network;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.queryablestate.messages.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The connections of one event loop, used from the thread of a test. */
final class TestClient implements AutoCloseable {

    final CountingStats stats = new CountingStats();
    final EventLoopContext context;
    private final EventLoopGroup loops = Transport.best().newEventLoops("test-client", 1);
    private final PeerConnections connections;

    TestClient(Consumer<ConnectionOptions.Builder> options) {
        EventLoop loop = loops.next();
        context = new EventLoopContext(loop, new BufferBudget(1 << 28));
        ConnectionOptions.Builder builder = ConnectionOptions.builder().stats(stats);
        options.accept(builder);
        connections = new PeerConnections(context, builder.build());
    }

    TestClient() {
        this(options -> {});
    }

    TestCall send(ServerAddress address, TestCall call) throws Exception {
        return sendAll(address, List.of(call)).get(0);
    }

    /** Sends all in one task of the event loop. */
    List<TestCall> sendAll(ServerAddress address, List<TestCall> calls) throws Exception {
        return onLoop(() -> {
            for (TestCall call : calls) {
                call.sending = true;
                connections.to(address).send(call);
                call.sending = false;
            }
            return calls;
        });
    }

    List<TestCall> sendAll(ServerAddress address, Script script, int number) throws Exception {
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            calls.add(new TestCall(script, (byte) i));
        }
        return sendAll(address, calls);
    }

    PeerConnection to(ServerAddress address) throws Exception {
        return onLoop(() -> connections.to(address));
    }

    <T> T onLoop(Callable<T> task) throws Exception {
        return context.loop().submit(task).get(10, TimeUnit.SECONDS);
    }

    void closeConnections() {
        context.loop().submit(connections::close).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        closeConnections();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
