package io.queryablestate.network;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server whose requests say what is done with them. */
final class TestServer extends AbstractServerBase {

    final CountDownLatch stops = new CountDownLatch(1);
    final List<ScriptedHandler> handlers = new CopyOnWriteArrayList<>();
    private final ExecutorService others = Executors.newSingleThreadExecutor();

    TestServer(String name, ServerOptions options, RequestStats stats) {
        super(name, options, stats);
    }

    TestServer(RequestStats stats) {
        this("Test Server", ServerOptions.builder().build(), stats);
    }

    @Override
    protected AbstractServerHandler newHandler(ServerConnections connections, EventLoopContext context) {
        ScriptedHandler handler = new ScriptedHandler(connections, context, others);
        handlers.add(handler);
        return handler;
    }

    @Override
    protected void onStopped() {
        others.shutdown();
        stops.countDown();
    }

    boolean hasStopped() throws InterruptedException {
        return stops.await(10, TimeUnit.SECONDS);
    }
}
