package io.queryablestate.flink;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.routing.LocationOracle;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.jobmaster.KvStateLocationOracle;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.query.UnknownKvStateLocation;
import org.apache.flink.runtime.rpc.exceptions.RpcException;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** Asks the master of a job where its states are. Thread safe. */
final class JobMasterOracle implements LocationOracle {

    private final KvStateLocationOracle jobMaster;

    JobMasterOracle(KvStateLocationOracle jobMaster) {
        this.jobMaster = jobMaster;
    }

    @Override
    public CompletableFuture<KvStateLocation> locate(JobId jobId, String stateName) {
        return jobMaster
                .requestKvStateLocation(FlinkIds.of(jobId), stateName)
                .handle(JobMasterOracle::answer)
                .thenCompose(answer -> answer);
    }

    private static CompletableFuture<KvStateLocation> answer(
            org.apache.flink.runtime.query.@Nullable KvStateLocation location, @Nullable Throwable failure) {
        if (location != null) {
            return CompletableFuture.completedFuture(copy(location));
        }
        return CompletableFuture.failedFuture(failure == null ? unknown() : typed(failure));
    }

    /**
     * A copy, since Flink's object is changed by the job's master when it lives in the same process. A copy made while it
     * changes may name an old KvState for a key group, whose id no server knows any more: it is then looked up again.
     */
    private static KvStateLocation copy(org.apache.flink.runtime.query.KvStateLocation location) {
        int keyGroups = location.getNumKeyGroups();
        KvStateLocation.Builder builder =
                KvStateLocation.builder(FlinkIds.of(location.getJobId()), location.getRegistrationName(), keyGroups);
        @Nullable KvStatePlacement last = null;
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
            @Nullable KvStateID id = location.getKvStateID(keyGroup);
            @Nullable InetSocketAddress server = location.getKvStateServerAddress(keyGroup);
            if (id != null && server != null) {
                KvStatePlacement placement = new KvStatePlacement(FlinkIds.of(id), SocketAddresses.of(server));
                // One object for the neighbours, of which there may be thousands.
                if (last == null || !last.equals(placement)) {
                    last = placement;
                }
                builder.place(new KeyGroupRange(keyGroup, keyGroup), last);
            }
        }
        return builder.build();
    }

    private static Throwable typed(Throwable failure) {
        if (ExceptionUtils.findThrowable(failure, UnknownKvStateLocation.class).isPresent()) {
            return unknown();
        }
        if (ExceptionUtils.findThrowable(failure, FlinkJobNotFoundException.class)
                .isPresent()) {
            return new QueryableStateException(ErrorCode.UNKNOWN_JOB, "the job's master does not know the job");
        }
        if (ExceptionUtils.findThrowable(failure, RpcException.class).isPresent()) {
            return new QueryableStateException(
                    ErrorCode.LOCATION_UNKNOWN, "the job's master cannot be reached, as when the job has just ended");
        }
        return failure;
    }

    /** Without the state's name, which is the asker's text. */
    private static QueryableStateException unknown() {
        return new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, "no state is registered under that name (yet)");
    }
}
