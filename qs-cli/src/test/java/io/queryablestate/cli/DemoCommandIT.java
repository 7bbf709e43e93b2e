package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DemoCommandIT {

    @Test
    void shouldGoToItsEnd_whenNothingIsGiven() {
        CommandRun run = qs("demo");

        assertThat(run.out()).as(run.toString()).endsWith("Every number was right.");
        assertThat(run.out()).anyMatch(line -> line.matches(" +the +100 +100"));
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldGoToItsEnd_whenTheTextIsOneWord(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "word");

        CommandRun run = qs("demo", "--task-managers", "2", "--input", file.toString());

        assertThat(run.status()).as(run.toString()).isZero();
    }

    @Test
    void shouldFailWithAReason_whenTheTextHasNoWords(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "... !");

        CommandRun run = qs("demo", "--input", file.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().startsWith("error: ").endsWith("has no words");
    }

    @Test
    void shouldBeWrongUsage_whenNobodyIsLeftAfterTheKill() {
        assertThat(qs("demo", "--task-managers", "1").status()).isEqualTo(2);
    }
}
