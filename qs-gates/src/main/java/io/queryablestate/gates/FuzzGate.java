package io.queryablestate.gates;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** F1: a coverage-guided fuzzer on every decoder, in a process of its own. */
final class FuzzGate implements Gate {

    private static final int QUICK = 5_000_000;
    private static final int FULL = 100_000_000;
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    @Override
    public void run(GateRun run) throws Exception {
        int runs = run.times(QUICK, FULL);
        Path directory = Files.createTempDirectory("gate-f1");
        Path corpus = Files.createDirectory(directory.resolve("corpus"));
        Process fuzzer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + DecoderFuzz.class.getName(),
                        "--instrumentation_includes=io.queryablestate.messages.*:io.queryablestate.client.serialization.*",
                        "--reproducer_path=" + directory,
                        "-artifact_prefix=" + directory + "/",
                        "-runs=" + runs,
                        "-seed=" + run.seed(),
                        "-max_len=4096",
                        corpus.toString()))
                .redirectErrorStream(true)
                .start();
        long done = follow(run, fuzzer);
        int exit = fuzzer.waitFor();
        run.fault("fuzz input", done);
        run.require(exit == 0, "the fuzzer ended with " + exit + ", what it found is in " + directory);
        run.requireAtLeast("runs", done, runs);
        run.figure("inputs_of_interest", count(corpus));
        if (exit == 0) {
            delete(directory);
        }
    }

    private static long follow(GateRun run, Process fuzzer) throws IOException {
        long done = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(fuzzer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher end = DONE.matcher(line);
                if (end.find()) {
                    done = Long.parseLong(end.group(1));
                    run.figure("fuzzer_seconds", Long.parseLong(end.group(2)));
                } else if (line.contains("== Java Exception") || line.contains("ERROR")) {
                    run.miss(line);
                }
            }
        }
        return done;
    }

    private static long count(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.count();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
