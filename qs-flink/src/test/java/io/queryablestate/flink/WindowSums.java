package io.queryablestate.flink;

import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Keeps the sum of each window's numbers in a queryable state of the window. */
@SuppressWarnings("deprecation") // Together with the feature.
final class WindowSums extends ProcessWindowFunction<Long, Long, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final String name;

    WindowSums(String name) {
        this.name = name;
    }

    @Override
    public void process(String key, Context context, Iterable<Long> numbers, Collector<Long> out) throws Exception {
        ValueStateDescriptor<Long> descriptor = new ValueStateDescriptor<>("sum", Long.class);
        descriptor.setQueryable("sum");
        long sum = 0;
        for (long number : numbers) {
            sum += number;
        }
        context.windowState().getState(descriptor).update(sum);
        Progress.of(name).incrementAndGet();
    }
}
