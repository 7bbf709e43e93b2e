package io.queryablestate.gates;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.server.KvState;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.ReadContext;
import io.queryablestate.server.ReadMode;
import java.nio.ByteBuffer;

/**
 * A state that has a value for every key: its version is the time of the read, on the clock of {@link System#nanoTime()},
 * which all processes of a machine share on Linux. So an asker in any process can tell whether an answer is of its own
 * request: it was read between the start and the end of it.
 *
 * @param incarnation which life of its process this is
 * @param valueBytes size of the values
 */
record StampedState(long incarnation, int valueBytes) implements KvState {

    static final JobId JOB = new JobId(11, 12);
    static final String NAME = "stamped";
    static final int KEY_GROUPS = 128;

    @Override
    public byte[] read(byte[] serializedKeyAndNamespace, ReadContext context) {
        long key = ByteBuffer.wrap(serializedKeyAndNamespace).getLong();
        return Serializers.serialize(
                Serializers.BYTES, new GateValue(key, incarnation, System.nanoTime()).encode(valueBytes));
    }

    /** This state, or another one in its place, under an id and for some key groups. */
    static KvStateRegistration registration(KvState state, ReadMode mode, KvStateId id, KeyGroupRange keyGroups) {
        return KvStateRegistration.builder()
                .kvStateId(id)
                .jobId(JOB)
                .stateName(NAME)
                .keyGroups(KEY_GROUPS, keyGroups)
                .state(state, mode)
                .build();
    }

    static KeyGroupRange allKeyGroups() {
        return new KeyGroupRange(0, KEY_GROUPS - 1);
    }
}
