package io.queryablestate.flinkdemo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A text, and how often each of its words comes when it is read over and over. Counted here without any state, in another
 * way than the job does it.
 */
final class CountedText {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{Nd}]+");

    private final Path file;
    private final int length;
    private final Map<String, List<Integer>> positions;

    private CountedText(Path file, List<String> words) {
        this.file = file;
        this.length = words.size();
        this.positions = IntStream.range(0, length)
                .boxed()
                .collect(Collectors.groupingBy(words::get, TreeMap::new, Collectors.toList()));
    }

    /**
     * Reads a file in UTF-8.
     *
     * @throws IOException if it cannot be read or has no words
     */
    static CountedText read(Path file) throws IOException {
        List<String> words = BETWEEN_WORDS
                .splitAsStream(content(file).toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            throw new IOException(file + " has no words");
        }
        return new CountedText(file, words);
    }

    private static String content(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    Path file() {
        return file;
    }

    /** How many words it has, those that come more than once included. */
    int length() {
        return length;
    }

    /** Its words, each once. */
    List<String> words() {
        return List.copyOf(positions.keySet());
    }

    /** How often a word is among the first {@code read} words, where the first word of the text follows upon its last. */
    long countAmong(long read, String word) {
        List<Integer> inText = positions.getOrDefault(word, List.of());
        int rest = Collections.binarySearch(inText, (int) (read % length));
        return read / length * inText.size() + (rest < 0 ? -rest - 1 : rest);
    }
}
