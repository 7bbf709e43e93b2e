package io.queryablestate.cli;

/**
 * Whether a value that was read is the one that its key has.
 *
 * @param <K> the keys
 * @param <V> the values
 */
interface ValueCheck<K, V> {

    boolean isRight(K key, V value);

    /** Whether this looks at values at all. */
    default boolean isReal() {
        return true;
    }

    /** The check for a state: that of {@link GeneratedValues} for theirs, none for others. */
    static <K, V> ValueCheck<K, V> of(AskableState<K, V> state) {
        boolean generated =
                state.jobName().equals(GeneratedValues.JOB) && state.stateName().equals(GeneratedValues.STATE);
        return generated ? new Generated<>() : new None<>();
    }

    /** Takes every value. */
    final class None<K, V> implements ValueCheck<K, V> {
        @Override
        public boolean isRight(K key, V value) {
            return true;
        }

        @Override
        public boolean isReal() {
            return false;
        }
    }

    /** Compares with the value that was generated. */
    final class Generated<K, V> implements ValueCheck<K, V> {
        @Override
        public boolean isRight(K key, V value) {
            return key instanceof Long number
                    && value instanceof byte[] bytes
                    && GeneratedValues.isRight(number, bytes);
        }
    }
}
