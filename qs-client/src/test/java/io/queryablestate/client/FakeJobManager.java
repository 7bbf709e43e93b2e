package io.queryablestate.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The REST interface of a JobManager, which answers as a test says. */
final class FakeJobManager implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Script script;

    /** What is done about a request. Runs on a thread of its own. */
    @FunctionalInterface
    interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    private FakeJobManager(Script script) throws IOException {
        this.script = script;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                this.script.answer(exchange);
            }
        });
        server.start();
    }

    static FakeJobManager answering(Script script) throws IOException {
        return new FakeJobManager(script);
    }

    /** Lists these jobs. */
    static FakeJobManager listing(String... jobs) throws IOException {
        return new FakeJobManager(overview(jobs));
    }

    void nowLists(String... jobs) {
        script = overview(jobs);
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    int requests() {
        return requests.get();
    }

    static String job(JobId id, String name, String state) {
        return "{\"jid\":\"" + id + "\",\"start-time\":1,\"tasks\":{\"total\":2,\"name\":\"no\"},\"name\":\"" + name
                + "\",\"state\":\"" + state + "\",\"pending-operators\":[0,{\"jid\":\"no\"}]}";
    }

    static Script overview(String... jobs) {
        return json("{\"about\":{\"jobs\":[]},\"jobs\":[" + String.join(",", jobs) + "]}");
    }

    static Script json(String text) {
        return exchange -> {
            if (!exchange.getRequestURI().toString().equals("/v1/jobs/overview")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        };
    }

    static Script status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
