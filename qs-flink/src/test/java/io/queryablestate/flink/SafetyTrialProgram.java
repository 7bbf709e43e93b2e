package io.queryablestate.flink;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts whichever implementation is on the class path to one of the {@link SafetyTrials}, and prints what came of it as one
 * line of JSON. The process may also hang or die on the way: then that is the result, for the script that has started it.
 *
 * <pre>
 *   SafetyTrialProgram growing-heap     keys    [key=value of Flink's configuration …]
 *   SafetyTrialProgram hashmap-maps     answers
 *   SafetyTrialProgram rocksdb-maps     answers
 *   SafetyTrialProgram cancelled-maps   jobs
 *   SafetyTrialProgram cancelled-values jobs
 * </pre>
 */
final class SafetyTrialProgram {

    private SafetyTrialProgram() {}

    public static void main(String[] args) {
        int exit = 1;
        try {
            List<String> settings = Arrays.asList(args).subList(2, args.length);
            TrialReport report = run(args[0], Integer.parseInt(args[1]), settings(settings));
            System.out.println(report.toJson());
            exit = 0;
        } catch (Throwable e) {
            System.out.println("{\"error\":\"" + e.toString().replaceAll("[\"\\\\\\s]+", " ") + "\"}");
        }
        System.out.flush();
        // Not an orderly end: a task that hangs would have to be waited for.
        Runtime.getRuntime().halt(exit);
    }

    private static TrialReport run(String trial, int count, Map<String, String> settings) throws Exception {
        SafetyTrials trials = new SafetyTrials(FlinkCluster.start(FlinkCluster.TASK_MANAGERS, 1, settings));
        return switch (trial) {
            case "growing-heap" -> trials.growingHeap(count);
            case "hashmap-maps" -> trials.rewrittenMaps("hashmap", count);
            case "rocksdb-maps" -> trials.rewrittenMaps("rocksdb", count);
            case "cancelled-maps" -> trials.cancelledMaps(count);
            case "cancelled-values" -> trials.cancelledValues(count);
            default -> throw new IllegalArgumentException("no trial is called " + trial);
        };
    }

    private static Map<String, String> settings(List<String> pairs) {
        Map<String, String> settings = new HashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            settings.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return settings;
    }
}
