package io.queryablestate.flinkdemo;

import io.queryablestate.client.JobName;
import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A job that counts the words of a text over and over, up to a number of words and at a steady rate.
 *
 * @param name the job's name
 * @param words how many it counts
 * @param wordsPerSecond how many it counts in a second at most
 * @param submittedNanos when it had not begun
 */
record CountedJob(String name, JobId id, CountedText text, long words, int wordsPerSecond, long submittedNanos) {

    /** The name under which its state is queryable. */
    static final String STATE = "word-counts";

    /** What its source may be ahead, since it makes up for a second in which it could not emit. */
    private static final int SLACK_SECONDS = 2;

    /** Submits a job, and waits until it runs. */
    static CountedJob submit(
            FlinkCluster cluster, String name, String backend, CountedText text, long words, int wordsPerSecond)
            throws IOException, InterruptedException {
        long submitted = System.nanoTime();
        JobId id = cluster.submit(
                List.of("state.backend.type=" + backend),
                List.of(
                        name,
                        text.file().toAbsolutePath().toString(),
                        String.valueOf(words),
                        String.valueOf(wordsPerSecond)));
        return new CountedJob(name, id, text, words, wordsPerSecond, submitted);
    }

    /** Its state, ready to be asked through a client that knows the job manager. */
    QueryableState<String, Long> state(QueryableStateClient client) {
        return client.state(JobName.of(name), STATE, Serializers.STRING, StateDescriptor.value(Serializers.LONG));
    }

    /** How often it has counted a word when it has counted everything. */
    long finalCount(String word) {
        return text.countAmong(words, word);
    }

    /** How often it can have counted a word by now. */
    long atMost(String word) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - submittedNanos) + 1;
        return text.countAmong(Math.min(words, (seconds + SLACK_SECONDS) * wordsPerSecond), word);
    }
}
