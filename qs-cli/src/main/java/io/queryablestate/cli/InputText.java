package io.queryablestate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text whose words are counted.
 *
 * @param name where it comes from
 * @param text all of it
 * @param words its words, at least one
 */
record InputText(String name, String text, List<String> words) {

    private static final String DEFAULT = "LICENSE";

    /**
     * Reads a file in UTF-8, or this project's license if there is none given.
     *
     * @throws IOException if it cannot be read or has no words
     */
    static InputText read(@Nullable Path file) throws IOException {
        byte[] bytes = file == null ? license() : fileBytes(file);
        String name = file == null ? "the LICENSE file of this project" : file.toString();
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> words = Words.in(text);
        if (words.isEmpty()) {
            throw new IOException(name + " has no words");
        }
        return new InputText(name, text, words);
    }

    private static byte[] fileBytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] license() throws IOException {
        try (InputStream in = InputText.class.getResourceAsStream(DEFAULT)) {
            if (in == null) {
                throw new IOException("the resource " + DEFAULT + " is missing");
            }
            return in.readAllBytes();
        }
    }
}
