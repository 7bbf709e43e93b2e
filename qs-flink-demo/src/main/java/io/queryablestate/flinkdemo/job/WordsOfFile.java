package io.queryablestate.flinkdemo.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

/** The n-th word of a file, which follows upon itself; after so many words only empty ones. */
final class WordsOfFile implements GeneratorFunction<Long, String> {

    private static final long serialVersionUID = 1L;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}]+");

    private final String file;
    private final long limit;
    private transient List<String> words = List.of();

    WordsOfFile(String file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    @Override
    public void open(SourceReaderContext context) throws IOException {
        words = read(Path.of(file));
    }

    @Override
    public String map(Long n) {
        return n < limit ? words.get((int) (n % words.size())) : "";
    }

    /** The words of a file in their order: runs of letters and digits, in lower case. */
    static List<String> read(Path file) throws IOException {
        return WORD.matcher(Files.readString(file))
                .results()
                .map(word -> word.group().toLowerCase(Locale.ROOT))
                .toList();
    }
}
