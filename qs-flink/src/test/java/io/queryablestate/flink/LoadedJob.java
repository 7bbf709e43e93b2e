package io.queryablestate.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** A job with a function and a value type of its own, which tells {@link ClassLoaders} who has loaded it and what it does. */
final class LoadedJob {

    static final int KEYS = 10;

    private LoadedJob() {}

    static StreamExecutionEnvironment create(String name, String backend) {
        Configuration configuration = new Configuration();
        configuration.setString("state.backend.type", backend);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        EndlessSource.twoThousandASecond(env)
                .keyBy(number -> "key-" + number % KEYS, Types.STRING)
                .process(new CountByKey(name))
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    /** A POJO, so its serializer refers to its class. */
    public static final class Count {
        public long value;
        public String key = "";
    }

    /** Loaded by the job's class loader. */
    public static final class CountByKey extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient ValueState<Count> count;

        CountByKey(String name) {
            this.name = name;
        }

        @Override
        @SuppressWarnings("deprecation") // Together with the feature.
        public void open(OpenContext context) {
            ClassLoaders.seen(name, getClass().getClassLoader());
            ValueStateDescriptor<Count> descriptor =
                    new ValueStateDescriptor<>("count", TypeInformation.of(Count.class));
            descriptor.setQueryable("count");
            count = getRuntimeContext().getState(descriptor);
        }

        @Override
        public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
            Count next = count.value() == null ? new Count() : count.value();
            next.value++;
            next.key = context.getCurrentKey();
            count.update(next);
            ClassLoaders.countRecord(name);
        }
    }
}
