package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QsTest {

    @ParameterizedTest
    @ValueSource(strings = {"demo", "cluster", "get", "list", "bench"})
    void shouldExplainItself_whenHelpIsAskedFor(String command) {
        CommandRun run = qs(command, "--help");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).anyMatch(line -> line.startsWith("Usage: qs " + command));
        assertThat(run.out()).anyMatch(line -> line.contains("Exit status"));
    }

    @Test
    void shouldListTheCommands_whenHelpIsAskedFor() {
        assertThat(String.join("\n", qs("--help").out())).contains("demo", "cluster", "get", "list", "bench");
    }

    @Test
    void shouldSayItsVersion_whenAsked() {
        assertThat(qs("--version").out()).singleElement().asString().matches("qs \\d+\\.\\d+\\.\\d+.*");
        assertThat(qs("get", "--version").out()).isEqualTo(qs("--version").out());
    }

    @Test
    void shouldBeWrongUsage_whenThereIsNoOrAnUnknownCommand() {
        assertThat(qs().status()).isEqualTo(2);
        assertThat(qs("put").status()).isEqualTo(2);
        assertThat(qs("--nothing").status()).isEqualTo(2);
    }

    @Test
    void shouldSayWhatIsMissing_whenARequiredOptionIs() {
        CommandRun run = qs("get", "--proxy", "h:1", "--state", "s", "k");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).first().asString().startsWith("qs: ").contains("--job");
    }

    @Test
    void shouldBeWrongUsage_whenAnAddressIsNone() {
        CommandRun run = qs("list", "--proxy", "somewhere");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).first().asString().contains("host:port", "somewhere");
    }
}
