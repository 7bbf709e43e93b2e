package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page for operators explains every error, and every line that is logged for them. */
class OperationsDocumentTest {

    /** What runs in production; programs for the command line speak to people directly. */
    private static final List<String> MODULES =
            List.of("qs-network", "qs-server", "qs-routing", "qs-proxy", "qs-client", "qs-embedded", "qs-flink");

    private static final Pattern LOG_CALL = Pattern.compile("\\.(?:warn|error)\\(\\s*\"([^\"]+)\"");
    private static final Path ROOT = Path.of("..");

    private final String page = read(ROOT.resolve("docs/operations.md"));

    @Test
    void shouldExplainEveryWarningAndError() {
        List<String> logged =
                MODULES.stream().flatMap(OperationsDocumentTest::logged).toList();

        assertThat(logged).hasSizeGreaterThan(20);
        assertThat(logged).allSatisfy(line -> assertThat(page).contains(mostTelling(line)));
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldExplainEveryErrorCode(ErrorCode code) {
        assertThat(page).contains("`" + code + "`");
    }

    /** The longest text between two places that are filled in. */
    private static String mostTelling(String line) {
        return Stream.of(line.split("\\{}"))
                .max(Comparator.comparingInt(String::length))
                .orElse(line)
                .strip();
    }

    private static Stream<String> logged(String module) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> literals(read(file)).stream())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> literals(String source) {
        List<String> found = new ArrayList<>();
        Matcher calls = LOG_CALL.matcher(source);
        while (calls.find()) {
            found.add(calls.group(1));
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
