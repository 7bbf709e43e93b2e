package io.queryablestate.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * Main class of the processes of a {@link ScaleSystem}: {@code server <servers> <states> <workload>…}, {@code proxy
 * <servers' addresses>} or {@code client <proxy>}. See {@link CommandLoop}.
 */
final class ScaleProcess {

    private ScaleProcess() {}

    /** Runs one part. */
    public static void main(String[] args) {
        CommandLoop.run(() -> start(List.of(args)));
    }

    private static CommandLoop.Part start(List<String> args) throws Exception {
        return switch (args.get(0)) {
            case "server" -> {
                List<Workload> workloads =
                        args.stream().skip(3).map(Workload::parse).toList();
                yield only(ScaleStates.startServers(
                        Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2)), workloads));
            }
            case "proxy" ->
                only(ScaleStates.startProxy(
                        Stream.of(args.get(1).split(",", -1)).toList()));
            case "client" -> new ScaleClient(args.get(1));
            default -> throw new IllegalArgumentException("no part " + args.get(0));
        };
    }

    private static CommandLoop.Part only(String address) {
        return new CommandLoop.Part() {
            @Override
            public String address() {
                return address;
            }

            @Override
            public String answer(String command) {
                throw new IllegalArgumentException("not a client: " + command);
            }
        };
    }
}
