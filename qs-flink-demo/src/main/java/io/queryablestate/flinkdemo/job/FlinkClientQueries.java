package io.queryablestate.flinkdemo.job;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.queryablestate.client.QueryableStateClient;

/** Asks proxies with Flink's own client how often each word of a file has come. */
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
public final class FlinkClientQueries {

    private static final int TIMEOUT_SECONDS = 10;

    private FlinkClientQueries() {}

    /**
     * Writes a line {@code port word count} for each proxy and word that has come. Arguments: job id, file, ports of
     * proxies on loopback.
     */
    public static void main(String[] args) throws Exception {
        JobID job = JobID.fromHexString(args[0]);
        TreeSet<String> words = new TreeSet<>(WordsOfFile.read(Path.of(args[1])));
        for (String port : List.of(args).subList(2, args.length)) {
            QueryableStateClient client = new QueryableStateClient("127.0.0.1", Integer.parseInt(port));
            for (String word : words) {
                System.out.println(port + " " + word + " " + count(client, job, word));
            }
            client.shutdownAndWait();
        }
    }

    private static long count(QueryableStateClient client, JobID job, String word) throws Exception {
        ValueState<Long> state = client.getKvState(
                        job,
                        CountWords.STATE,
                        word,
                        Types.STRING,
                        new ValueStateDescriptor<>(CountWords.STATE, Types.LONG))
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return state.value();
    }
}
