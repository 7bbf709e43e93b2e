package io.queryablestate.benchmarks;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The client of a {@link ScaleSystem}. Asks through the public API, or over many connections, of which the public API
 * has one for each event loop and proxy.
 */
final class ScaleClient implements CommandLoop.Part {

    private final String proxy;
    private final QueryableStateClient client;
    private final List<KeyReader> states = new ArrayList<>();
    private ManyConnections connections;

    ScaleClient(String proxy) {
        this.proxy = proxy;
        this.client = QueryableStateClient.builder().proxies(proxy).build();
        this.connections = new ManyConnections(ServerAddress.parse(proxy));
    }

    @Override
    public String address() {
        return proxy;
    }

    @Override
    public String answer(String command) throws Exception {
        String[] words = command.split(" ", 3);
        int number = Integer.parseInt(words[1]);
        return switch (words[0]) {
            case "states" -> load(states(number), words[2]);
            case "connections" -> {
                connections.open(number);
                yield load(connections, words[2]);
            }
            case "open" -> {
                connections.open(number);
                yield "";
            }
            case "close" -> {
                connections.close();
                connections = new ManyConnections(ServerAddress.parse(proxy));
                yield "";
            }
            case "wait" -> {
                connections.askForNothing(number);
                yield "";
            }
            default -> throw new IllegalArgumentException("no command " + command);
        };
    }

    private static String load(KeyReader reader, String rest) throws InterruptedException {
        String[] words = rest.split(" ", 2);
        return Load.run(reader, Work.parse(words[1]), Duration.ofMillis(Long.parseLong(words[0])))
                .line();
    }

    private KeyReader states(int count) {
        while (states.size() < count) {
            states.add(new OurReader(client.state(
                    ScaleStates.JOB,
                    ScaleStates.name(states.size()),
                    Serializers.LONG,
                    StateDescriptor.value(Serializers.BYTES))));
        }
        return (key, answer) ->
                states.get(ThreadLocalRandom.current().nextInt(count)).get(key, answer);
    }

    /** Asks for keys of so many states at random. */
    static String overStates(int states, Work work, Duration duration) {
        return "states " + states + " " + PeerProcess.load(work, duration);
    }

    /** Asks for keys of one state over so many connections in turn. */
    static String overConnections(int connections, Work work, Duration duration) {
        return "connections " + connections + " " + PeerProcess.load(work, duration);
    }

    /** Opens connections until there are so many. */
    static String open(int connections) {
        return "open " + connections;
    }

    /** Closes all connections. */
    static String close() {
        return "close 0";
    }

    /** Makes requests, over the connections that are open, that are never answered. */
    static String waiting(int requests) {
        return "wait " + requests;
    }
}
