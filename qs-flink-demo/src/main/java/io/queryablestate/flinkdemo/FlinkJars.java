package io.queryablestate.flinkdemo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the processes of a cluster have on their class paths.
 *
 * @param version of Flink
 * @param flink Flink itself, without a proxy and state server
 * @param flinksQueryableState Flink's own proxy and state server
 * @param ourQueryableState ours
 * @param job the jar that is submitted
 */
record FlinkJars(
        String version, List<Path> flink, List<Path> flinksQueryableState, List<Path> ourQueryableState, Path job) {

    static final String CLASS_PATHS = "qs.flink.class-paths";
    static final String OUR_JAR = "qs.flink.jar";
    static final String JOB_JAR = "qs.flink.job.jar";

    FlinkJars {
        flink = List.copyOf(flink);
        flinksQueryableState = List.copyOf(flinksQueryableState);
        ourQueryableState = List.copyOf(ourQueryableState);
    }

    /**
     * The jars that system properties tell of: {@code qs.flink.class-paths}, the directory with a class path in a file for
     * each version of Flink, {@code qs.flink.jar} and {@code qs.flink.job.jar}.
     *
     * @throws IOException if one of them is not there
     */
    static FlinkJars find(String version) throws IOException {
        Path classPaths = path(CLASS_PATHS).resolve(version);
        return new FlinkJars(
                version,
                classPath(classPaths.resolve("flink")),
                classPath(classPaths.resolve("queryable-state-runtime")),
                List.of(existing(path(OUR_JAR))),
                existing(path(JOB_JAR)));
    }

    private static Path path(String property) throws IOException {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IOException("the system property " + property + " is not set; ./qs flink-demo sets it");
        }
        return Path.of(value);
    }

    private static List<Path> classPath(Path file) throws IOException {
        try {
            List<Path> jars = Stream.of(Files.readString(file).strip().split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
            for (Path jar : jars) {
                existing(jar);
            }
            return jars;
        } catch (NoSuchFileException e) {
            throw new IOException("the jars of Flink have not been fetched, there is no " + file, e);
        }
    }

    private static Path existing(Path jar) throws IOException {
        if (!Files.exists(jar)) {
            throw new IOException("there is no " + jar);
        }
        return jar;
    }
}
