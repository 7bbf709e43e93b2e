package io.queryablestate.embedded;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.server.KvStateInfo;
import org.jspecify.annotations.Nullable;

/** Who serves each key group of one state, as far as the location registry has heard. Guarded by the registry. */
final class StatePlacements {

    private final @Nullable Registration[] byKeyGroup;

    StatePlacements(int maxParallelism) {
        this.byKeyGroup = new Registration[maxParallelism];
    }

    void add(KvStateInfo info, ServerAddress server) {
        Registration added = new Registration(info, server);
        KeyGroupRange range = info.entry().keyGroups();
        for (int keyGroup = range.start(); keyGroup <= range.end(); keyGroup++) {
            byKeyGroup[keyGroup] = added;
        }
    }

    void remove(KvStateInfo info, ServerAddress server) {
        Registration ended = new Registration(info, server);
        KeyGroupRange range = info.entry().keyGroups();
        for (int keyGroup = range.start(); keyGroup <= range.end(); keyGroup++) {
            if (ended.equals(byKeyGroup[keyGroup])) {
                byKeyGroup[keyGroup] = null;
            }
        }
    }

    boolean isEmpty() {
        for (Registration registration : byKeyGroup) {
            if (registration != null) {
                return false;
            }
        }
        return true;
    }

    KvStateLocation toLocation(JobId jobId, String stateName) {
        KvStateLocation.Builder location = KvStateLocation.builder(jobId, stateName, byKeyGroup.length);
        for (int keyGroup = 0; keyGroup < byKeyGroup.length; keyGroup++) {
            Registration registration = byKeyGroup[keyGroup];
            if (registration != null) {
                location.place(new KeyGroupRange(keyGroup, keyGroup), registration.placement());
            }
        }
        return location.build();
    }

    /** The id and the incarnation in {@code info}, together with the server, tell one registration from all others. */
    private record Registration(KvStateInfo info, ServerAddress server) {
        KvStatePlacement placement() {
            return new KvStatePlacement(info.kvStateId(), server);
        }
    }
}
