package io.queryablestate.gates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs one gate in this process: {@code Gates ID quick|full PERCENT SEED DIRECTORY COMMIT}, or lists them: {@code Gates
 * list}. Exits with 1 if the gate does not hold. Called by {@code scripts/gate.sh}.
 */
public final class Gates {

    private Gates() {}

    private static Map<String, Gate> all() {
        Map<String, Gate> gates = new LinkedHashMap<>();
        gates.put("R1", new DeadlineGate());
        gates.put("R2", new FaultMixGate());
        gates.put("R3", new RetryGate());
        gates.put("R4", new LookupGate());
        gates.put("R5", new OrphanGate());
        gates.put("R6", new ReconnectGate());
        gates.put("R7", new BlastRadiusGate());
        gates.put("R8", new ShutdownGate());
        gates.put("R9", new RoutingGate());
        gates.put("R10", new CallbackGate());
        gates.put("L1", new SoakGate());
        gates.put("L2", new OverloadGate());
        gates.put("L3", new ConnectionsGate());
        gates.put("F1", new FuzzGate());
        gates.put("F2", new ExhaustiveGate());
        gates.put("F3", new KeyBlobGate());
        gates.put("F4", new MalformedGate());
        gates.put("F5", new MaliciousPeerGate());
        gates.put("S1", new NativeSerializationGate());
        gates.put("S2", new LimitsGate());
        gates.put("S4", new SlowReaderGate());
        gates.put("S5", new RefusalGate());
        gates.put("S6", new ErrorTextGate());
        gates.put("S7", new NameFloodGate());
        gates.put("K2", new LifecycleGate());
        gates.put("T2", new ComparisonGate());
        return gates;
    }

    static Gate gate(String id) {
        Gate gate = all().get(id);
        if (gate == null) {
            throw new IllegalArgumentException("there is no gate " + id + ", there are " + all().keySet());
        }
        return gate;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("list")) {
            System.out.println(String.join(" ", all().keySet()));
            return;
        }
        if (args.length != 6) {
            throw new IllegalArgumentException("ID quick|full PERCENT SEED DIRECTORY COMMIT, or list");
        }
        Gate gate = all().get(args[0]);
        if (gate == null) {
            throw new IllegalArgumentException("there is no gate " + args[0] + ", there are " + all().keySet());
        }
        Scale scale = new Scale(args[1].equals("full"), Integer.parseInt(args[2]));
        GateResult result = new GateRun(scale, Long.parseLong(args[3])).measure(args[0], gate);
        write(result, Path.of(args[4]), args[5]);
        // Whatever a gate has left running does not keep the next one from its turn.
        System.exit(result.holds() ? 0 : 1);
    }

    private static void write(GateResult result, Path directory, String commit) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(result.id() + ".json"), result.toJson(commit), StandardCharsets.UTF_8);
        System.out.printf(
                "%-4s %s  %s, %d s, %d requests, %d answered, %d typed errors, faults %s%n",
                result.id(),
                result.holds() ? "holds" : "MISSED",
                result.scale(),
                result.seconds(),
                result.ledger().issued(),
                result.ledger().ok(),
                result.ledger().typedErrors(),
                result.faults());
        System.out.println("     " + result.figures());
        result.misses().forEach(miss -> System.out.println("     miss: " + miss));
    }
}
