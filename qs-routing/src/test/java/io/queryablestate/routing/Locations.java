package io.queryablestate.routing;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;

/** Jobs, names and locations that most tests use. */
final class Locations {

    static final JobId JOB = new JobId(1, 2);
    static final JobId OTHER_JOB = new JobId(1, 3);
    static final String STATE = "counts";
    static final LocationKey KEY = new LocationKey(JOB, STATE);

    private static final ServerAddress NOWHERE = new ServerAddress("127.0.0.1", 1);

    private Locations() {}

    /** All key groups on a server that is never connected to. */
    static KvStateLocation of(LocationKey key) {
        return of(key, NOWHERE);
    }

    /** All key groups on one server. */
    static KvStateLocation of(LocationKey key, ServerAddress server) {
        return KvStateLocation.builder(key.jobId(), key.stateName(), 128)
                .place(new KeyGroupRange(0, 127), new KvStatePlacement(new KvStateId(7, 8), server))
                .build();
    }
}
