package io.queryablestate.flink;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * Who reads states of RocksDB. Every other state, and a state of RocksDB inside a wrapper, is read by its task.
 *
 * <p>What RocksDB's value, list, reducing and aggregating state do for a lookup is, in Flink 1.20.0 to 2.3.0: they read key
 * and namespace with the serializers that they are given, build the key for RocksDB in a buffer of its own, and get it
 * from the database by the one call that is thread safe and sees each write whole. Of what the task uses they touch the
 * serializer of the namespace alone, so that must have nothing to share; and the database, which is closed only after
 * every lease on the state is back. Map state iterates instead, and sees the entries that the task writes meanwhile.
 */
enum RocksDbReads {
    /** The task that owns the state, as for any other state. */
    OWNER,
    /** Query threads, beside the task, where the answer is one get; the task reads map state. */
    CONCURRENT,
    /** Query threads read map state too, whose answers may then mix entries from before and after a record. */
    CONCURRENT_WITH_MAPS;

    private static final Set<String> PACKAGES =
            Set.of("org.apache.flink.contrib.streaming.state", "org.apache.flink.state.rocksdb");
    private static final Set<String> READ_BY_ONE_GET =
            Set.of("RocksDBValueState", "RocksDBListState", "RocksDBReducingState", "RocksDBAggregatingState");
    private static final String MAP = "RocksDBMapState";
    /** Those whose reading was studied; the classes may do something else in others. */
    private static final Pattern FLINK_VERSIONS = Pattern.compile("(1\\.20|2\\.[0-3])\\..+");

    /** Whether a state may be read by other threads than its task's. To be called on the thread of its task. */
    boolean allowConcurrent(InternalKvState<?, ?, ?> state) {
        return this != OWNER
                && isAllowed(state.getClass())
                && isImmutable(state.getNamespaceSerializer())
                && FLINK_VERSIONS.matcher(EnvironmentInformation.getVersion()).matches();
    }

    /** The very classes: a wrapper or a subclass may do anything. */
    private boolean isAllowed(Class<?> type) {
        return PACKAGES.contains(type.getPackageName())
                && (READ_BY_ONE_GET.contains(type.getSimpleName())
                        || (this == CONCURRENT_WITH_MAPS && type.getSimpleName().equals(MAP)));
    }

    /** A serializer that has something of its own to change duplicates it; this is how Flink tells them apart too. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isImmutable(TypeSerializer<?> serializer) {
        return serializer.duplicate() == serializer;
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
