package io.queryablestate.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Words of a text: runs of letters and digits, in lower case. Found in two ways, so that one can check the other. */
final class Words {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}]+");

    private Words() {}

    /** The words in their order, found character by character: what the job counts. */
    static List<String> in(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        int position = 0;
        while (position < text.length()) {
            int c = text.codePointAt(position);
            if (Character.isLetterOrDigit(c)) {
                start = start < 0 ? position : start;
            } else if (start >= 0) {
                words.add(text.substring(start, position).toLowerCase(Locale.ROOT));
                start = -1;
            }
            position += Character.charCount(c);
        }
        if (start >= 0) {
            words.add(text.substring(start).toLowerCase(Locale.ROOT));
        }
        return words;
    }

    /**
     * How often each word comes, found by a pattern and without any state of a job.
     *
     * @param count how many words are counted; after the last word of the text the first one follows
     */
    static Map<String, Long> independentCounts(String text, long count) {
        List<String> words = WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        Map<String, Long> counts = new TreeMap<>();
        if (words.isEmpty()) {
            return counts;
        }
        long rounds = count / words.size();
        long rest = count % words.size();
        for (int i = 0; i < words.size(); i++) {
            long times = i < rest ? rounds + 1 : rounds;
            if (times > 0) {
                counts.merge(words.get(i), times, Long::sum);
            }
        }
        return counts;
    }
}
