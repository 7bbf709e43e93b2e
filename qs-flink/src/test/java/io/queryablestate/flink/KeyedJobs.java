package io.queryablestate.flink;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.triggers.CountTrigger;
import org.apache.flink.util.Collector;

/** Jobs with other keys than strings, and other namespaces than none. Each never ends. */
@SuppressWarnings("deprecation") // Together with the feature.
final class KeyedJobs {

    static final int WINDOW_MILLIS = 100;

    private KeyedJobs() {}

    /** Keeps the last number of each key in the state {@code last}, and as a text in {@code last-text}. */
    static <K> StreamExecutionEnvironment last(
            String name, String backend, long numbers, KeySelector<Long, K> key, TypeInformation<K> keyType) {
        StreamExecutionEnvironment env = environment(backend, 2);
        keyed(env, numbers, key, keyType).process(new Last<>(name)).sinkTo(new DiscardingSink<>());
        return env;
    }

    /** As {@link #last}, by strings, on one task only. */
    static StreamExecutionEnvironment lastOnOneTask(String name, long numbers) {
        StreamExecutionEnvironment env = environment("hashmap", 1);
        keyed(env, numbers, n -> "key-" + n, Types.STRING)
                .process(new Last<>(name))
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    /** Sums numbers in the state {@code sum} of each window of {@link #WINDOW_MILLIS}; number n is of time n. */
    static StreamExecutionEnvironment windows(String name, String backend, long numbers, int keys) {
        StreamExecutionEnvironment env = environment(backend, 2);
        keyed(env, numbers, n -> "key-" + n % keys, Types.STRING)
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(WINDOW_MILLIS)))
                .trigger(CountTrigger.of(1))
                .process(new WindowSums(name))
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    /** Makes streams queryable, as {@code stream-last} and {@code stream-sum}, without a function of the user's. */
    static StreamExecutionEnvironment streams(String backend, long numbers, int keys) {
        StreamExecutionEnvironment env = environment(backend, 2);
        KeyedStream<Long, String> keyed = keyed(env, numbers, n -> "key-" + n % keys, Types.STRING);
        keyed.asQueryableState("stream-last", new ValueStateDescriptor<>("last", Long.class));
        keyed.asQueryableState("stream-sum", new ReducingStateDescriptor<>("sum", new TestJobs.Sum(), Long.class));
        return env;
    }

    private static StreamExecutionEnvironment environment(String backend, int parallelism) {
        Configuration configuration = new Configuration();
        StateBackends.select(backend, configuration);
        configuration.setString("restart-strategy.type", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        return env;
    }

    private static <K> KeyedStream<Long, K> keyed(
            StreamExecutionEnvironment env, long numbers, KeySelector<Long, K> key, TypeInformation<K> keyType) {
        return env.fromSource(
                        new EndlessSource(numbers),
                        WatermarkStrategy.<Long>noWatermarks().withTimestampAssigner((n, before) -> n),
                        "numbers")
                .setParallelism(1)
                .keyBy(key, keyType);
    }

    private static final class Last<K> extends KeyedProcessFunction<K, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient ValueState<Long> last;
        private transient ValueState<String> lastText;

        Last(String name) {
            this.name = name;
        }

        @Override
        public void open(OpenContext context) {
            ValueStateDescriptor<Long> descriptor = new ValueStateDescriptor<>("last", Long.class);
            descriptor.setQueryable("last");
            last = getRuntimeContext().getState(descriptor);
            ValueStateDescriptor<String> text = new ValueStateDescriptor<>("last-text", String.class);
            text.setQueryable("last-text");
            lastText = getRuntimeContext().getState(text);
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            last.update(n);
            lastText.update(String.valueOf(n));
            Progress.of(name).incrementAndGet();
        }
    }
}
