package io.queryablestate.network;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a small file of settings, cut into words at blanks. */
final class SettingLines {

    private SettingLines() {}

    /**
     * Reads a file. Blank lines and lines that begin with {@code #} are skipped.
     *
     * @param words how many a line has; the last one goes to its end, blanks included
     * @param form how a line looks, for the error
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line has fewer words; the text does not show them, they may be secret
     */
    static List<String[]> read(Path file, int words, String form) throws IOException {
        List<String[]> lines = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String[] parts = text.split("\\s+", words);
            if (parts.length < words) {
                throw new IllegalArgumentException("line " + number + " of " + file + " is not of the form: " + form);
            }
            lines.add(parts);
        }
        return lines;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (MalformedInputException e) {
            throw new IOException(file + " is not UTF-8 text", e);
        }
    }
}
