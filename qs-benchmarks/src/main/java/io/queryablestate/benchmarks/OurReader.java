package io.queryablestate.benchmarks;

import io.queryablestate.client.BatchResult;
import io.queryablestate.client.QueryableState;
import java.util.stream.LongStream;

/** Reads through the public API. */
record OurReader(QueryableState<Long, byte[]> state) implements KeyReader {

    @Override
    public void get(long key, Answer answer) {
        state.get(key).whenComplete((value, failure) -> {
            if (failure != null) {
                answer.failure(failure);
            } else if (value.isEmpty()) {
                answer.failure(noValue(key));
            } else {
                answer.value(value.get());
            }
        });
    }

    @Override
    public void getAll(long[] keys, BatchAnswer answer) {
        state.getAll(LongStream.of(keys).boxed().toList()).whenComplete((result, failure) -> {
            if (failure == null) {
                answer(keys, result, answer);
            } else {
                answer.failure(failure);
            }
        });
    }

    private static void answer(long[] keys, BatchResult<Long, byte[]> result, BatchAnswer answer) {
        byte[][] values = new byte[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            byte[] value = result.found().get(keys[i]);
            if (value == null) {
                Throwable failure = result.failed().get(keys[i]);
                answer.failure(failure == null ? noValue(keys[i]) : failure);
                return;
            }
            values[i] = value;
        }
        answer.values(values);
    }

    private static IllegalStateException noValue(long key) {
        return new IllegalStateException("no value for key " + key);
    }
}
