package io.queryablestate.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Main class of a process that is one part of one peer, or all of them: {@code server <peer> <workload>…}, {@code proxy
 * <peer> <server>}, {@code client <peer> <server> <proxy>} or {@code all <peer> <workload>…}. See {@link CommandLoop}.
 */
final class PeerProcess implements CommandLoop.Part {

    /** In the place of the address of a proxy. */
    static final String NONE = "-";

    private final Peer peer;
    private final String server;
    private final String proxy;
    private final Map<Hop, KeyReader> readers = new EnumMap<>(Hop.class);

    private PeerProcess(Peer peer, String server, String proxy) {
        this.peer = peer;
        this.server = server;
        this.proxy = proxy;
    }

    /** Runs one part. */
    public static void main(String[] args) {
        CommandLoop.run(
                () -> start(PeerName.ofId(args[1]), args[0], List.of(args).subList(2, args.length)));
    }

    private static PeerProcess start(PeerName name, String part, List<String> rest) throws Exception {
        Peer peer = name.create();
        return switch (part) {
            case "server" -> new PeerProcess(peer, peer.startServer(workloads(rest)), NONE);
            case "proxy" -> new PeerProcess(peer, NONE, peer.startProxy(rest.get(0)));
            case "client" -> new PeerProcess(peer, rest.get(0), rest.get(1));
            case "all" -> {
                String server = peer.startServer(workloads(rest));
                String proxy = name.hops().contains(Hop.PROXIED) ? peer.startProxy(server) : NONE;
                yield new PeerProcess(peer, server, proxy);
            }
            default -> throw new IllegalArgumentException("no part " + part);
        };
    }

    private static List<Workload> workloads(List<String> texts) {
        List<Workload> workloads = new ArrayList<>();
        texts.forEach(text -> workloads.add(Workload.parse(text)));
        return workloads;
    }

    @Override
    public String address() {
        return proxy.equals(NONE) ? server : proxy;
    }

    @Override
    public String answer(String command) throws Exception {
        String[] words = command.split(" ", 2);
        Work work = Work.parse(words[1]);
        return Load.run(reader(work.hop()), work, Duration.ofMillis(Long.parseLong(words[0])))
                .line();
    }

    private KeyReader reader(Hop hop) throws Exception {
        @Nullable KeyReader reader = readers.get(hop);
        if (reader == null) {
            reader = switch (hop) {
                case PROXIED -> peer.connect(proxy);
                case ONE_HOP -> peer.connectOneHop(server, proxy);
            };
            readers.put(hop, reader);
        }
        return reader;
    }

    /** The command that makes a client work. */
    static String load(Work work, Duration duration) {
        return duration.toMillis() + " " + work.line();
    }
}
