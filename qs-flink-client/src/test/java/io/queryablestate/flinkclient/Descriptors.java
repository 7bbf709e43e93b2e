package io.queryablestate.flinkclient;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.ReduceFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;

/** Descriptors as a job has them. */
final class Descriptors {

    private Descriptors() {}

    static ReducingStateDescriptor<Long> sum() {
        return new ReducingStateDescriptor<>("sum", new Sum(), Long.class);
    }

    static AggregatingStateDescriptor<Long, Long, String> printedSum() {
        return new AggregatingStateDescriptor<>("printed sum", new PrintedSum(), Long.class);
    }

    private static final class Sum implements ReduceFunction<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long reduce(Long a, Long b) {
            return a + b;
        }
    }

    private static final class PrintedSum implements AggregateFunction<Long, Long, String> {
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
}
