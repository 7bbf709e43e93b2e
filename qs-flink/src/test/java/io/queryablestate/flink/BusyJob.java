package io.queryablestate.flink;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * A job that works as fast as it can in one single thread, source and state together, so that on a machine of two
 * processors those who ask it have the other one.
 */
final class BusyJob {

    static final String STATE = "numbers";
    static final int KEYS = 100_000;

    private BusyJob() {}

    static String key(long n) {
        return "key-" + n % KEYS;
    }

    /** Goes through {@code numbers} numbers, and then waits to be cancelled. */
    static StreamExecutionEnvironment create(String name, String backend, long numbers) {
        Configuration configuration = new Configuration();
        configuration.setString("state.backend.type", backend);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        DataStream<Long> source =
                env.fromSource(new EndlessSource(numbers), WatermarkStrategy.noWatermarks(), "numbers");
        // All keys are this task's, so nothing has to be sent to another one.
        DataStreamUtils.reinterpretAsKeyedStream(source, BusyJob::key, Types.STRING)
                .process(new LastNumber(name))
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    /** The thread of the task of that name. */
    static long threadOf(String name) {
        return Progress.of(name + ", thread").get();
    }

    private static final class LastNumber extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient ValueState<String> number;

        LastNumber(String name) {
            this.name = name;
        }

        @Override
        @SuppressWarnings(
                "deprecation") // Together with the feature; and a thread's newer id does not exist in Java 17.
        public void open(OpenContext context) {
            Progress.of(name + ", thread").set(Thread.currentThread().getId());
            ValueStateDescriptor<String> descriptor = new ValueStateDescriptor<>(STATE, String.class);
            descriptor.setQueryable(STATE);
            number = getRuntimeContext().getState(descriptor);
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            number.update(context.getCurrentKey() + " was last number " + n);
            Progress.of(name).incrementAndGet();
        }
    }
}
