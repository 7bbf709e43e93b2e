package io.queryablestate.benchmarks;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateRegistryListener;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.UncompressedStreamCompressionDecorator;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSetFactory;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** Flink's heap backend with one queryable state that holds the values of the workload. */
final class FlinkHeapState {

    private static final int INITIAL_TIMERS = 128;
    private static final long REGISTRATION_SECONDS = 10;

    private FlinkHeapState() {}

    /** Fills a state, which registers itself as it does in a task, and returns its id. */
    static KvStateID register(KvStateRegistry registry, List<Workload> workloads) throws Exception {
        CompletableFuture<KvStateID> registered = new CompletableFuture<>();
        registry.registerListener(FlinkPeer.JOB, new IdListener(registered));
        HeapKeyedStateBackend<Long> backend = newBackend(registry);
        ValueState<byte[]> state =
                backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, queryableState());
        long[] keys = workloads.stream()
                .flatMapToLong(workload -> IntStream.range(0, workload.keys()).mapToLong(workload::key))
                .toArray();
        for (long key : keys) {
            backend.setCurrentKey(key);
            state.update(Workload.valueOf(key));
        }
        // Every access moves a part of a table that grows. Lookups by other threads would do the same, at the risk of
        // hanging; this ends it before the first lookup.
        for (long key : keys) {
            backend.setCurrentKey(key);
            if (!Workload.isValueOf(key, state.value())) {
                throw new IllegalStateException("the backend has lost key " + key);
            }
        }
        return registered.get(REGISTRATION_SECONDS, TimeUnit.SECONDS);
    }

    private static HeapKeyedStateBackend<Long> newBackend(KvStateRegistry registry) throws Exception {
        int keyGroups = FlinkPeer.ALL_KEY_GROUPS.getNumberOfKeyGroups();
        return new HeapKeyedStateBackendBuilder<>(
                        registry.createTaskRegistry(FlinkPeer.JOB, FlinkPeer.OPERATOR),
                        LongSerializer.INSTANCE,
                        FlinkHeapState.class.getClassLoader(),
                        keyGroups,
                        FlinkPeer.ALL_KEY_GROUPS,
                        new ExecutionConfig(),
                        TtlTimeProvider.DEFAULT,
                        LatencyTrackingStateConfig.disabled(),
                        SizeTrackingStateConfig.disabled(),
                        List.of(),
                        UncompressedStreamCompressionDecorator.INSTANCE,
                        LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED,
                        new HeapPriorityQueueSetFactory(FlinkPeer.ALL_KEY_GROUPS, keyGroups, INITIAL_TIMERS),
                        true,
                        new CloseableRegistry())
                .build();
    }

    @SuppressWarnings("deprecation") // the feature that is measured is deprecated as a whole
    private static ValueStateDescriptor<byte[]> queryableState() {
        ValueStateDescriptor<byte[]> descriptor =
                new ValueStateDescriptor<>(FlinkPeer.STATE, BytePrimitiveArraySerializer.INSTANCE);
        descriptor.setQueryable(FlinkPeer.STATE);
        return descriptor;
    }

    private record IdListener(CompletableFuture<KvStateID> registered) implements KvStateRegistryListener {
        @Override
        public void notifyKvStateRegistered(
                JobID job, JobVertexID operator, KeyGroupRange keyGroups, String name, KvStateID id) {
            registered.complete(id);
        }

        @Override
        public void notifyKvStateUnregistered(JobID job, JobVertexID operator, KeyGroupRange keyGroups, String name) {}
    }
}
