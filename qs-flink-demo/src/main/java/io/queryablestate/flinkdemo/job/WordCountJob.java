package io.queryablestate.flinkdemo.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Counts the words of a file, over and over up to a number of words, at a steady rate, and goes on running after that: what
 * has been counted can then be asked for as long as one likes. The state {@value CountWords#STATE} is queryable.
 */
public final class WordCountJob {

    private static final int PARALLELISM = 2;

    private WordCountJob() {}

    /** Submits the job. Arguments: name of the job, file, number of words, words a second. */
    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            throw new IllegalArgumentException("arguments are: name, file, number of words, words a second");
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(PARALLELISM);
        words(environment, args[1], Long.parseLong(args[2]), Double.parseDouble(args[3]))
                .keyBy(word -> word, Types.STRING)
                .process(new CountWords())
                .uid("counts")
                .sinkTo(new DiscardingSink<>());
        environment.execute(args[0]);
    }

    private static DataStream<String> words(
            StreamExecutionEnvironment environment, String file, long words, double wordsPerSecond) {
        DataGeneratorSource<String> source = new DataGeneratorSource<>(
                new WordsOfFile(file, words),
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(wordsPerSecond),
                Types.STRING);
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "words")
                .setParallelism(1)
                .uid("words")
                .filter(word -> !word.isEmpty())
                .setParallelism(1);
    }
}
