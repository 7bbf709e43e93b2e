package io.queryablestate.server;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.StateKind;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A state that an engine offers for reading.
 *
 * @param kvStateId the id under which it is read
 * @param jobId the job
 * @param jobName the job's name, empty if not known
 * @param stateName the name under which the state is queryable
 * @param kind the kind of state
 * @param keyType name of the key's serializer or type
 * @param valueType name of the value's serializer or type
 * @param maxParallelism the number of key groups of the operator
 * @param keyGroups the key groups that the state holds
 * @param state how it is read
 * @param readMode where it is read
 */
public record KvStateRegistration(
        KvStateId kvStateId,
        JobId jobId,
        String jobName,
        String stateName,
        StateKind kind,
        String keyType,
        String valueType,
        int maxParallelism,
        KeyGroupRange keyGroups,
        KvState state,
        ReadMode readMode) {

    /** Keeps a catalogue readable, and far below what its encoding can carry, when a type prints itself in full. */
    private static final int MAX_SHOWN_CHARS = 256;

    /**
     * Checks that the parts fit together.
     *
     * @throws IllegalArgumentException if the state name is too long or a key group is outside the operator's
     */
    public KvStateRegistration {
        KeyGroups.checkMaxParallelism(maxParallelism);
        if (keyGroups.end() >= maxParallelism) {
            throw new IllegalArgumentException("key groups " + keyGroups + " of only " + maxParallelism);
        }
        int nameBytes = stateName.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > Frames.MAX_STATE_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "a state name of " + nameBytes + " bytes exceeds the limit of " + Frames.MAX_STATE_NAME_BYTES);
        }
    }

    /** Starts an offer. */
    public static Builder builder() {
        return new Builder();
    }

    /** This state's line in the catalogue; names over 256 characters are cut, except the state's. */
    public CatalogueEntry catalogueEntry() {
        return new CatalogueEntry(
                jobId, shown(jobName), stateName, kind, shown(keyType), shown(valueType), maxParallelism, keyGroups);
    }

    private static String shown(String name) {
        return name.length() <= MAX_SHOWN_CHARS ? name : name.substring(0, MAX_SHOWN_CHARS);
    }

    /** Collects an offer. What has no default must be given. Not thread-safe. */
    public static final class Builder {

        private KvStateId kvStateId = KvStateId.random();
        private @Nullable JobId jobId;
        private String jobName = "";
        private @Nullable String stateName;
        private StateKind kind = StateKind.VALUE;
        private String keyType = "";
        private String valueType = "";
        private int maxParallelism;
        private @Nullable KeyGroupRange keyGroups;
        private @Nullable KvState state;
        private @Nullable ReadMode readMode;

        private Builder() {}

        /** Default: a new random id. */
        public Builder kvStateId(KvStateId kvStateId) {
            this.kvStateId = kvStateId;
            return this;
        }

        /** The job. */
        public Builder jobId(JobId jobId) {
            this.jobId = jobId;
            return this;
        }

        /** Default: empty. */
        public Builder jobName(String jobName) {
            this.jobName = jobName;
            return this;
        }

        /** The name under which the state is queryable, at most 1,024 bytes of UTF-8. */
        public Builder stateName(String stateName) {
            this.stateName = stateName;
            return this;
        }

        /** Default: {@code VALUE}. */
        public Builder kind(StateKind kind) {
            this.kind = kind;
            return this;
        }

        /** Names of serializers or types, for people. Default: empty. */
        public Builder types(String keyType, String valueType) {
            this.keyType = keyType;
            this.valueType = valueType;
            return this;
        }

        /** Which of the operator's {@code maxParallelism} key groups the state holds. */
        public Builder keyGroups(int maxParallelism, KeyGroupRange keyGroups) {
            this.maxParallelism = maxParallelism;
            this.keyGroups = keyGroups;
            return this;
        }

        /** The state, and where it may be read. */
        public Builder state(KvState state, ReadMode readMode) {
            this.state = state;
            this.readMode = readMode;
            return this;
        }

        /**
         * The offer.
         *
         * @throws IllegalArgumentException if the parts do not fit together
         * @throws NullPointerException if the job, the state's name, its key groups or the state are missing
         */
        public KvStateRegistration build() {
            return new KvStateRegistration(
                    kvStateId,
                    Objects.requireNonNull(jobId, "jobId"),
                    jobName,
                    Objects.requireNonNull(stateName, "stateName"),
                    kind,
                    keyType,
                    valueType,
                    maxParallelism,
                    Objects.requireNonNull(keyGroups, "keyGroups"),
                    Objects.requireNonNull(state, "state"),
                    Objects.requireNonNull(readMode, "readMode"));
        }
    }
}
