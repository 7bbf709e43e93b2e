package io.queryablestate.flink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.ReduceFunction;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** The jobs that the tests query. Each counts its records in {@link Progress} under its name. */
final class TestJobs {

    static final int MAP_ENTRIES = 64;

    static final ValueStateDescriptor<Long> VALUE = new ValueStateDescriptor<>("value", Long.class);
    static final ListStateDescriptor<Long> LIST = new ListStateDescriptor<>("list", Long.class);
    static final MapStateDescriptor<Integer, Long> MAP = new MapStateDescriptor<>("map", Integer.class, Long.class);
    static final ReducingStateDescriptor<Long> REDUCING =
            new ReducingStateDescriptor<>("reducing", new Sum(), Long.class);
    static final AggregatingStateDescriptor<Long, Long, String> AGGREGATING =
            new AggregatingStateDescriptor<>("aggregating", new PrintedSum(), Long.class);

    private TestJobs() {}

    /** Keeps every kind of state for {@code keys} keys; record n belongs to key {@code n mod keys}. */
    static StreamExecutionEnvironment allKinds(String name, String backend, int keys, int recordsPerKey) {
        return job(backend, new EndlessSource((long) keys * recordsPerKey), keys, new AllKinds(name));
    }

    /** Writes {@code keys} keys once each, to {@link #VALUE}, and ends. */
    static StreamExecutionEnvironment growing(String name, String backend, long keys) {
        return job(backend, new NumberSequenceSource(0, keys - 1), keys, new LastNumber(name));
    }

    /** Rewrites {@link #VALUE} of {@code keys} keys with each number whose remainder the key is, and never ends. */
    static StreamExecutionEnvironment rewrittenValues(String name, String backend, int keys) {
        return job(backend, new NumberSequenceSource(0, Long.MAX_VALUE - 1), keys, new LastNumber(name));
    }

    /** Rewrites all entries of {@link #MAP} on every record, always to the same number in all of them, and never ends. */
    static StreamExecutionEnvironment rewrittenMaps(String name, String backend, int keys) {
        return job(backend, new NumberSequenceSource(0, Long.MAX_VALUE - 1), keys, new RewrittenMap(name));
    }

    /** As {@link #allKinds}, one record for each key, and then each task is stuck inside its next record until cancelled. */
    static StreamExecutionEnvironment stuck(String name, String backend, int keys) {
        return job(backend, new EndlessSource(keys + 64L), keys, new AllKinds(name, keys));
    }

    /** Registers its two states from a thread that is not its task's, whose mailbox can then not be found. */
    static StreamExecutionEnvironment registeredElsewhere(String name, String backend, int keys) {
        return job(backend, new EndlessSource(keys), keys, new RegisteredElsewhere(name));
    }

    /** Two operators that make a state queryable by the same name. */
    static StreamExecutionEnvironment duplicateNames(String name) {
        StreamExecutionEnvironment env = job("hashmap", new EndlessSource(10), 10, new LastNumber(name));
        env.fromSource(new EndlessSource(10), WatermarkStrategy.noWatermarks(), "more numbers")
                .keyBy(n -> "key-" + n, Types.STRING)
                .process(new LastNumber(name))
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    private static StreamExecutionEnvironment job(
            String backend, NumberSequenceSource source, long keys, KeyedProcessFunction<String, Long, Long> function) {
        Configuration configuration = new Configuration();
        StateBackends.select(backend, configuration);
        configuration.setString("restart-strategy.type", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
                .setParallelism(1)
                .keyBy(n -> "key-" + n % keys, Types.STRING)
                .process(function)
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    @SuppressWarnings("deprecation") // Together with the feature.
    private static <D extends StateDescriptor<?, ?>> D queryable(D descriptor) {
        descriptor.setQueryable(descriptor.getName());
        return descriptor;
    }

    static final class Sum implements ReduceFunction<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long reduce(Long a, Long b) {
            return a + b;
        }
    }

    static final class PrintedSum implements AggregateFunction<Long, Long, String> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long createAccumulator() {
            return 0L;
        }

        @Override
        public Long add(Long value, Long sum) {
            return sum + value;
        }

        @Override
        public String getResult(Long sum) {
            return "sum " + sum;
        }

        @Override
        public Long merge(Long a, Long b) {
            return a + b;
        }
    }

    private static final class AllKinds extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final long records;
        private transient ValueState<Long> value;
        private transient ListState<Long> list;
        private transient MapState<Integer, Long> map;
        private transient ReducingState<Long> reducing;
        private transient AggregatingState<Long, String> aggregating;

        AllKinds(String name) {
            this(name, Long.MAX_VALUE);
        }

        AllKinds(String name, long records) {
            this.name = name;
            this.records = records;
        }

        @Override
        public void open(OpenContext context) {
            value = getRuntimeContext().getState(queryable(new ValueStateDescriptor<>("value", Long.class)));
            list = getRuntimeContext().getListState(queryable(new ListStateDescriptor<>("list", Long.class)));
            map = getRuntimeContext()
                    .getMapState(queryable(new MapStateDescriptor<>("map", Integer.class, Long.class)));
            reducing = getRuntimeContext()
                    .getReducingState(queryable(new ReducingStateDescriptor<>("reducing", new Sum(), Long.class)));
            aggregating = getRuntimeContext()
                    .getAggregatingState(
                            queryable(new AggregatingStateDescriptor<>("aggregating", new PrintedSum(), Long.class)));
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            if (n >= records) {
                new CountDownLatch(1).await();
            }
            value.update(n);
            list.add(n);
            map.put((int) (n % 7), n);
            reducing.add(n);
            aggregating.add(n);
            Progress.of(name).incrementAndGet();
        }
    }

    private static final class LastNumber extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient ValueState<Long> value;

        LastNumber(String name) {
            this.name = name;
        }

        @Override
        public void open(OpenContext context) {
            value = getRuntimeContext().getState(queryable(new ValueStateDescriptor<>("value", Long.class)));
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            value.update(n);
            Progress.of(name).incrementAndGet();
        }
    }

    private static final class RewrittenMap extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient MapState<Integer, Long> map;

        RewrittenMap(String name) {
            this.name = name;
        }

        @Override
        public void open(OpenContext context) {
            map = getRuntimeContext()
                    .getMapState(queryable(new MapStateDescriptor<>("map", Integer.class, Long.class)));
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            for (int entry = 0; entry < MAP_ENTRIES; entry++) {
                map.put(entry, n);
            }
            Progress.of(name).incrementAndGet();
        }
    }

    private static final class RegisteredElsewhere extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient ValueState<Long> value;

        RegisteredElsewhere(String name) {
            this.name = name;
        }

        @Override
        public void open(OpenContext context) throws Exception {
            value = registered("value");
            registered("other value");
        }

        private ValueState<Long> registered(String stateName) throws Exception {
            return CompletableFuture.supplyAsync(() ->
                            getRuntimeContext().getState(queryable(new ValueStateDescriptor<>(stateName, Long.class))))
                    .get(10, TimeUnit.SECONDS);
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            value.update(n);
            Progress.of(name).incrementAndGet();
        }
    }
}
