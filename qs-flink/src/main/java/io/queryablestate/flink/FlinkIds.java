package io.queryablestate.flink;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateId;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;

/** Flink's ids and ours, which have the same 16 bytes. */
final class FlinkIds {

    private FlinkIds() {}

    static JobId of(JobID id) {
        return new JobId(id.getUpperPart(), id.getLowerPart());
    }

    static JobID of(JobId id) {
        return new JobID(id.lower(), id.upper());
    }

    static KvStateId of(KvStateID id) {
        return new KvStateId(id.getUpperPart(), id.getLowerPart());
    }
}
