package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that docs/parity.md names exists. */
class ParityDocumentTest {

    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(should\\w+)`");

    @Test
    void shouldNameTestsThatExist_whenItNamesOurs() throws IOException {
        Path project = projectDirectory();
        Map<String, String> sources = testSources(project);
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(Files.readString(project.resolve("docs/parity.md")));
        int count = 0;
        while (named.find()) {
            count++;
            String source = sources.getOrDefault(named.group(1), "");
            if (!source.contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(count).isGreaterThan(70);
    }

    private static Map<String, String> testSources(Path project) throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(path -> path.toString().matches(".*/src/test/java/.*\\.java"))
                    .toList()) {
                String name = file.getFileName().toString();
                sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
            }
        }
        return sources;
    }

    private static Path projectDirectory() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("README.md")) ? here : here.getParent();
    }
}
