package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a comparison runs.
 *
 * @param processors how many the virtual machine sees
 * @param model of the processor, if the system tells it
 * @param system name and version of the operating system
 * @param java version of the virtual machine
 */
record Machine(int processors, String model, String system, String java) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    /** This machine, now. */
    static Machine now() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                processorModel(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    }

    private static String processorModel() {
        try {
            List<String> lines = Files.readAllLines(CPU_INFO);
            return lines.stream()
                    .filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException e) {
            // Not Linux.
            return "unknown processor";
        }
    }

    @Override
    public String toString() {
        return processors + " × " + model + ", " + system + ", " + java;
    }
}
