package io.queryablestate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who asks. A file, since what stands on a command line can be read by everyone on the machine. */
final class TokenFile {

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Show the token in this file, on connecting, to say who asks.")
    private @Nullable Path file;

    TokenFile() {}

    /** The token; empty if there is none. */
    String read() {
        if (file == null) {
            return "";
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UsageException("--token-file " + file + " cannot be read");
        }
    }
}
