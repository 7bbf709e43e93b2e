package io.queryablestate.benchmarks;

import io.queryablestate.messages.ServerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of {@code redis-server} that ends with this one. */
final class RedisServer {

    /** Redis cannot be asked for any free port: between finding one and taking it somebody else may. */
    private static final int ATTEMPTS = 5;

    private static final int STOP_SECONDS = 2;
    private static final String READY = "Ready to accept connections";

    private RedisServer() {}

    /**
     * Starts it on the loopback interface.
     *
     * @throws IOException if there is no such program on the path, or it does not start
     */
    static ServerAddress start() throws IOException {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        StringBuilder said = new StringBuilder();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = freePort();
            Process process = new ProcessBuilder(command(host, port))
                    .redirectErrorStream(true)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
            if (isReady(process, said)) {
                return new ServerAddress(host, port);
            }
            stop(process);
        }
        throw new IOException("redis-server does not start: " + said);
    }

    private static List<String> command(String host, int port) {
        return List.of(
                "redis-server", "--bind", host, "--port", Integer.toString(port), "--save", "", "--appendonly", "no");
    }

    /** Reads what it says until it is ready or has ended; afterwards it says next to nothing. */
    private static boolean isReady(Process process, StringBuilder said) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(READY)) {
                return true;
            }
            said.append(line).append('\n');
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
