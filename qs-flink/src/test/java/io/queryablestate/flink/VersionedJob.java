package io.queryablestate.flink;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * A job that restarts by itself, checkpoints often, and writes a new {@link VersionedValue} on each of some 2,000 records a
 * second. What it writes it tells its {@link History}, which has the name of the job.
 */
final class VersionedJob {

    static final String STATE = "versions";
    static final int KEYS = 200;

    private VersionedJob() {}

    static String key(long n) {
        return "key-" + n % KEYS;
    }

    static StreamExecutionEnvironment create(String name, String backend, int parallelism) {
        Configuration configuration = new Configuration();
        configuration.setString("state.backend.type", backend);
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", String.valueOf(Integer.MAX_VALUE));
        configuration.setString("restart-strategy.fixed-delay.delay", "100 ms");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.enableCheckpointing(Duration.ofMillis(200).toMillis());
        env.setParallelism(parallelism);
        env.setMaxParallelism(128);
        EndlessSource.twoThousandASecond(env)
                .keyBy(VersionedJob::key, Types.STRING)
                .process(new NextVersion(name))
                .uid("versions")
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    private static final class NextVersion extends KeyedProcessFunction<String, Long, Long>
            implements CheckpointedFunction, CheckpointListener {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient History history;
        private transient int incarnation;
        private transient ValueState<String> state;
        private transient Map<String, Long> versions;
        private transient Map<Long, Map<String, Long>> checkpoints;

        NextVersion(String name) {
            this.name = name;
        }

        @Override
        @SuppressWarnings("deprecation") // Together with the feature.
        public void open(OpenContext context) {
            String attempt = getRuntimeContext().getJobInfo().getJobId() + " "
                    + getRuntimeContext().getTaskInfo().getAttemptNumber();
            history = History.of(name);
            versions = new HashMap<>();
            checkpoints = new HashMap<>();
            // Before the state can be asked for.
            incarnation =
                    history.opened(attempt, getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
            ValueStateDescriptor<String> descriptor = new ValueStateDescriptor<>(STATE, String.class);
            descriptor.setQueryable(STATE);
            state = getRuntimeContext().getState(descriptor);
        }

        @Override
        public void processElement(Long n, Context context, Collector<Long> out) throws Exception {
            String last = state.value();
            long version = last == null ? 1 : VersionedValue.parse(last).version() + 1;
            VersionedValue value = new VersionedValue(context.getCurrentKey(), incarnation, version);
            history.writing(value);
            state.update(value.toString());
            history.written(value);
            versions.put(value.key(), version);
        }

        @Override
        public void initializeState(FunctionInitializationContext context) {
            // The state is keyed, and restored by Flink.
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {
            checkpoints.put(context.getCheckpointId(), new HashMap<>(versions));
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            Map<String, Long> saved = checkpoints.remove(checkpointId);
            if (saved != null) {
                history.saved(saved);
            }
            checkpoints.keySet().removeIf(older -> older < checkpointId);
        }
    }
}
