package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueryTest {

    private static final Work BATCH = new Work(Hop.PROXIED, Workload.SMALL, 1, 10, 0);

    private int right;
    private @Nullable Throwable failure;

    @Test
    void shouldBeRight_whenEveryValueOfABatchIsThatOfItsKey() {
        ask(answering(values -> values));

        assertThat(right).isOne();
        assertThat(failure).isNull();
    }

    @Test
    void shouldFail_whenTwoValuesOfABatchHaveChangedPlaces() {
        ask(answering(values -> {
            byte[] first = values[0];
            values[0] = values[9];
            values[9] = first;
            return values;
        }));

        assertThat(right).isZero();
        assertThat(failure).hasMessageContaining("a wrong value for key");
    }

    @Test
    void shouldFail_whenAValueOfABatchIsMissing() {
        ask(answering(values -> Arrays.copyOf(values, 9)));

        assertThat(right).isZero();
        assertThat(failure).hasMessage("9 values for 10 keys");
    }

    private void ask(KeyReader reader) {
        Query.of(reader, BATCH).get().ask(new Query.Outcome() {
            @Override
            public void right() {
                right++;
            }

            @Override
            public void failed(Throwable cause) {
                failure = cause;
            }
        });
    }

    private static KeyReader answering(UnaryOperator<byte[][]> change) {
        return new KeyReader() {
            @Override
            public void get(long key, Answer answer) {
                throw new AssertionError("a single read");
            }

            @Override
            public void getAll(long[] keys, BatchAnswer answer) {
                answer.values(change.apply(
                        LongStream.of(keys).mapToObj(Workload::valueOf).toArray(byte[][]::new)));
            }
        };
    }
}
