package io.queryablestate.flink;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;

/** Jobs with one task that takes its time inside a record. Each counts its records in {@link Progress} under its name. */
final class TimingJobs {

    static final String STATE = "text";
    static final String KEY = "key";
    static final String HALF_DONE = "half done";

    private TimingJobs() {}

    /** Lets its own mails run in the middle of each record, while its value is {@link #HALF_DONE}. */
    static StreamExecutionEnvironment yielding(String name) {
        StreamExecutionEnvironment env = environment();
        numbers(env).transform("yielding", Types.LONG, new Yielding(name)).sinkTo(new DiscardingSink<>());
        return env;
    }

    /** How many of the job's own mails have run inside a record. */
    static long yielded(String name) {
        return Progress.of(name + ", yielded").get();
    }

    /** Passes the {@link Gate} of its name on each record. */
    static StreamExecutionEnvironment gated(String name) {
        StreamExecutionEnvironment env = environment();
        numbers(env).process(new Gated(name)).sinkTo(new DiscardingSink<>());
        return env;
    }

    private static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        return env;
    }

    private static KeyedStream<Long, String> numbers(StreamExecutionEnvironment env) {
        return EndlessSource.twoThousandASecond(env).keyBy(number -> KEY, Types.STRING);
    }

    @SuppressWarnings("deprecation") // Together with the feature.
    private static ValueStateDescriptor<String> queryableText() {
        ValueStateDescriptor<String> descriptor = new ValueStateDescriptor<>(STATE, String.class);
        descriptor.setQueryable(STATE);
        return descriptor;
    }

    @SuppressWarnings("NullAway.Init") // Flink opens an operator before it uses it.
    private static final class Yielding extends AbstractStreamOperator<Long>
            implements OneInputStreamOperator<Long, Long> {
        private static final long serialVersionUID = 1L;
        /** Long enough that lookups come meanwhile. */
        private static final long NANOS_HALF_DONE = TimeUnit.MICROSECONDS.toNanos(200);

        private final String name;
        private transient ValueState<String> text;
        private transient MailboxExecutor mailbox;
        private transient AtomicLong yielded;

        Yielding(String name) {
            this.name = name;
        }

        @Override
        public void open() throws Exception {
            super.open();
            text = getPartitionedState(queryableText());
            mailbox = getContainingTask().getMailboxExecutorFactory().createExecutor(0);
            yielded = Progress.of(name + ", yielded");
        }

        @Override
        public void processElement(StreamRecord<Long> record) throws Exception {
            text.update(HALF_DONE);
            mailbox.execute(yielded::incrementAndGet, "a mail of the operator's own");
            mailbox.yield();
            long start = System.nanoTime();
            while (System.nanoTime() - start < NANOS_HALF_DONE) {
                mailbox.tryYield();
            }
            text.update("record " + record.getValue());
            Progress.of(name).incrementAndGet();
        }
    }

    private static final class Gated extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private transient ValueState<String> text;

        Gated(String name) {
            this.name = name;
        }

        @Override
        public void open(OpenContext context) {
            text = getRuntimeContext().getState(queryableText());
        }

        @Override
        public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
            text.update("record " + number);
            Gate.of(name).pass();
            Progress.of(name).incrementAndGet();
        }
    }
}
