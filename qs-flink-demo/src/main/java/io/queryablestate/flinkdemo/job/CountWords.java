package io.queryablestate.flinkdemo.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Keeps how often each word has come, in a queryable state. */
final class CountWords extends KeyedProcessFunction<String, String, Long> {

    static final String STATE = "word-counts";

    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> count;

    @Override
    @SuppressWarnings("deprecation") // Flink has no other way to make a state queryable.
    public void open(OpenContext context) {
        ValueStateDescriptor<Long> descriptor = new ValueStateDescriptor<>(STATE, Types.LONG);
        descriptor.setQueryable(STATE);
        count = getRuntimeContext().getState(descriptor);
    }

    @Override
    public void processElement(String word, Context context, Collector<Long> out) throws Exception {
        Long before = count.value();
        count.update(before == null ? 1 : before + 1);
    }
}
