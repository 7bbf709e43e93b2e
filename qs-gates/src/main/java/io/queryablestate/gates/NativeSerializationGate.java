package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * S1: no class of ours refers to Java's own serialization, a peer that sends a serialized object of its choice does not
 * get it made, and the virtual machine sees nothing deserialized while client, proxy and state server work.
 */
final class NativeSerializationGate implements Gate {

    private static final List<String> FORBIDDEN = List.of(
            "java/io/ObjectInputStream", "java/io/ObjectOutputStream", "java/beans/XMLDecoder", "javax/script/");
    private static final List<String> SHIPPED =
            List.of("messages", "network", "server", "proxy", "client", "embedded", "cli", "flink");
    private static final int QUICK = 100;
    private static final int FULL = 1_000;
    private static final int QUICK_READS = 20_000;
    private static final int FULL_READS = 1_000_000;
    private static final int MAX_TOLD = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @Override
    public void run(GateRun run) throws Exception {
        long classes = 0;
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            classes += scan(run, Path.of(entry));
        }
        run.requireAtLeast("classes_scanned", classes, 150);
        int probes = run.times(QUICK, FULL);
        try (Deserializations recorded = new Deserializations()) {
            work(run);
            probe(run, Frames.V1_REQUEST_FAILURE, probes / 2);
            probe(run, Frames.V1_SERVER_FAILURE, probes - probes / 2);
            List<String> seen = recorded.end();
            run.requireAtMost("deserializations", seen.size(), 0);
            seen.stream().distinct().limit(MAX_TOLD).forEach(run::miss);
        }
        run.fault("serialized object from a peer", probes);
        run.requireAtMost("probe_ran", Probe.RAN.get(), 0);
    }

    private static long scan(GateRun run, Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            return scanTree(run, entry);
        }
        String name = entry.getFileName() == null ? "" : entry.getFileName().toString();
        if (!name.startsWith("qs-") || !Files.exists(entry)) {
            return 0;
        }
        try (FileSystem jar = FileSystems.newFileSystem(entry)) {
            return scanTree(run, jar.getPath("/"));
        }
    }

    private static long scanTree(GateRun run, Path root) throws IOException {
        long scanned = 0;
        for (String module : SHIPPED) {
            Path classes = root.resolve("io/queryablestate/" + module);
            if (!Files.isDirectory(classes)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".class")).toList()) {
                    scanned++;
                    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    FORBIDDEN.forEach(type -> run.require(!bytes.contains(type), file + " refers to " + type));
                }
            }
        }
        return scanned;
    }

    /** Reads that are answered and reads that fail, in both versions, through client, proxy and state server. */
    private static void work(GateRun run) throws IOException, InterruptedException {
        int reads = run.times(QUICK_READS, FULL_READS);
        try (LoneServer server = LoneServer.on("127.0.0.1", 0, 0);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client =
                        run.client(proxy.address()).maxAttempts(1).build()) {
            new Reads(run, client, PATIENCE).burst(reads, 16);
            new Reads(run, client, PATIENCE, "nobodys").burst(reads / 100, 4);
            run.requireAtLeast("answered_while_recorded", run.ledger().ok(), reads);
            try (RawPeer flinks = new RawPeer(proxy.address(), 0, (int) PATIENCE.toMillis())) {
                for (Requests.Request request : Requests.all()) {
                    if (request.isVersion1() && request.isTakenBy(Requests.Taker.PROXY)) {
                        flinks.send(request.frame());
                        flinks.flush();
                        run.require(flinks.read() != null, "no answer in version 1");
                    }
                }
            }
        }
    }

    /** A state server's failure in version 1 is a serialized object: this one is of a class that notes when it is made. */
    private static void probe(GateRun run, int type, int times) throws IOException, InterruptedException {
        byte[] object = Probe.serialized();
        try (FrameServer peer = new FrameServer(connection -> answerInVersion1(connection, type, object));
                QueryableStateClient client = run.client(new ServerAddress("127.0.0.1", peer.port()))
                        .maxAttempts(1)
                        .build()) {
            new Reads(run, client, TIMEOUT).burst(times, 4);
        }
    }

    private static void answerInVersion1(FrameSocket connection, int type, byte[] object) throws IOException {
        while (true) {
            ByteBuf request = connection.read();
            boolean hello = request.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_2;
            ByteBuf out = Unpooled.buffer();
            if (hello || type == Frames.V1_SERVER_FAILURE) {
                out.writeInt(2 * Integer.BYTES + object.length)
                        .writeInt(Frames.VERSION_1)
                        .writeInt(Frames.V1_SERVER_FAILURE)
                        .writeBytes(object);
            } else {
                Frames.writeVersion1Header(out, type, Frames.requestId(request, 0), object.length);
                out.writeBytes(object);
            }
            connection.write(out);
        }
    }

    /** An object whose making shows. */
    static final class Probe implements Serializable {

        private static final long serialVersionUID = 1;
        static final AtomicInteger RAN = new AtomicInteger();

        static byte[] serialized() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(new Probe());
            }
            return bytes.toByteArray();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            RAN.incrementAndGet();
        }
    }
}
