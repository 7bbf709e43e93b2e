package io.queryablestate.cli;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;

/** A job whose state holds {@link GeneratedValues}. */
final class GeneratedJob {

    private static final int KEY_GROUPS = 128;

    private GeneratedJob() {}

    /** Starts it and fills its state: the keys 0 to {@code keys - 1}, each with a value of that many bytes. */
    static EmbeddedJob start(EmbeddedCluster cluster, int keys, int valueBytes) {
        EmbeddedJob job =
                cluster.startJob(GeneratedValues.JOB, cluster.taskManagers().size(), KEY_GROUPS);
        EmbeddedState<Long, byte[]> values =
                job.addState(GeneratedValues.STATE, Serializers.LONG, StateDescriptor.value(Serializers.BYTES));
        for (long key = 0; key < keys; key++) {
            values.put(key, GeneratedValues.of(key, valueBytes));
        }
        return job;
    }
}
