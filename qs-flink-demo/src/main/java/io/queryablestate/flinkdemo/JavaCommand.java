package io.queryablestate.flinkdemo;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a Java program is started: with the Java that runs this one.
 *
 * @param options options of the virtual machine
 * @param arguments what the program is told
 * @param environment what is added to the environment of this process
 */
record JavaCommand(
        List<String> options,
        List<Path> classPath,
        String mainClass,
        List<String> arguments,
        Map<String, String> environment) {

    JavaCommand {
        options = List.copyOf(options);
        classPath = List.copyOf(classPath);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** The words of the command line, for a process that leaves its temporary files and crash reports in a directory. */
    List<String> words(Path directory) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-Djava.io.tmpdir=" + directory);
        words.add("-XX:ErrorFile=" + directory.resolve("hs_err_%p.log"));
        words.add("-XX:-UsePerfData");
        words.addAll(options);
        words.add("-cp");
        words.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        words.add(mainClass);
        words.addAll(arguments);
        return words;
    }
}
