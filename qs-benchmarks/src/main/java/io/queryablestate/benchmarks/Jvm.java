package io.queryablestate.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The virtual machines of the harness: all have the same flags. */
final class Jvm {

    private static final List<String> OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

    private Jvm() {}

    /**
     * The command that starts a main class, which is to follow.
     *
     * @param target the directory of the class paths
     * @param peerLibraries whether it needs what other peers are made of
     */
    static List<String> command(Path target, boolean peerLibraries) {
        String classPath = target.resolve("lib") + "/*";
        if (peerLibraries) {
            classPath += File.pathSeparator + target.resolve("peers") + "/*";
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath));
        return command;
    }
}
