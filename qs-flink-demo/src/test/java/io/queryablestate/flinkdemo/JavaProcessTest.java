package io.queryablestate.flinkdemo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void shouldFindLine_whenProcessHasWrittenItAndGoesOn(@TempDir Path directory) throws Exception {
        JavaProcess process = start(directory, "says port=4711", "waits");
        try {
            assertThat(process.awaitOutput(Pattern.compile("port=(\\d+)"), LONG).group(1))
                    .isEqualTo("4711");
            process.checkAlive();
        } finally {
            process.kill();
        }
        assertThat(process.awaitEnd(LONG)).isTrue();
        assertThatThrownBy(process::checkAlive)
                .isInstanceOf(FlinkProcessException.class)
                .hasMessageContaining("has ended with status 137");
    }

    @Test
    void shouldFailWithTheEndOfItsOutput_whenProcessEndsBeforeItHasWrittenTheLine(@TempDir Path directory)
            throws Exception {
        JavaProcess process = start(directory, "says cannot start", "fails 3");

        assertThatThrownBy(() -> process.awaitOutput(Pattern.compile("port=(\\d+)"), LONG))
                .isInstanceOf(FlinkProcessException.class)
                .hasMessageContaining("ended with status 3")
                .hasMessageContaining("cannot start");
    }

    @Test
    void shouldFail_whenProcessDoesNotWriteTheLineInTime(@TempDir Path directory) throws Exception {
        JavaProcess process = start(directory, "waits");
        try {
            assertThatThrownBy(() -> process.awaitOutput(Pattern.compile("port"), Duration.ofMillis(1)))
                    .isInstanceOf(FlinkProcessException.class)
                    .hasMessageContaining("has not written");
        } finally {
            process.kill();
        }
        assertThat(process.awaitEnd(LONG)).isTrue();
    }

    @Test
    void shouldReturnOutput_whenProgramSucceeds(@TempDir Path directory) throws Exception {
        assertThat(start(directory, "says done").awaitSuccess(LONG)).contains("done");
    }

    @Test
    void shouldFail_whenProgramFails(@TempDir Path directory) throws Exception {
        JavaProcess process = start(directory, "fails 2");

        assertThatThrownBy(() -> process.awaitSuccess(LONG))
                .isInstanceOf(FlinkProcessException.class)
                .hasMessageContaining("ended with status 2");
    }

    private JavaProcess start(Path directory, String... steps) throws IOException {
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        return JavaProcess.start(
                "program",
                new JavaCommand(List.of("-Xmx32m"), classPath, Program.class.getName(), List.of(steps), Map.of()),
                directory);
    }

    /** Does what its arguments say. */
    static final class Program {
        public static void main(String[] steps) throws InterruptedException {
            for (String step : steps) {
                String[] words = step.split(" ", 2);
                switch (words[0]) {
                    case "says" -> System.out.println(words[1]);
                    case "fails" -> System.exit(Integer.parseInt(words[1]));
                    default -> new CountDownLatch(1).await();
                }
            }
        }
    }
}
