package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.query.UnknownKvStateLocation;
import org.apache.flink.runtime.rpc.exceptions.FencingTokenException;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.junit.jupiter.api.Test;

class JobMasterOracleTest {

    private final JobID job = new JobID(1, 2);
    private final JobId sameJob = FlinkIds.of(job);

    @Test
    void shouldCopyTheLocation_soThatLaterChangesAreNotSeen() throws Exception {
        KvStateID id = new KvStateID(3, 4);
        var flinkLocation = new org.apache.flink.runtime.query.KvStateLocation(job, new JobVertexID(), 8, "counts");
        flinkLocation.registerKvState(new KeyGroupRange(2, 5), id, address());

        KvStateLocation location = new JobMasterOracle(
                        (asked, name) -> CompletableFuture.completedFuture(flinkLocation))
                .locate(sameJob, "counts")
                .get(1, TimeUnit.SECONDS);
        flinkLocation.registerKvState(new KeyGroupRange(0, 7), new KvStateID(), address());

        KvStatePlacement placement = new KvStatePlacement(FlinkIds.of(id), new ServerAddress("10.0.0.7", 9067));
        assertThat(location.jobId()).isEqualTo(sameJob).hasToString(job.toString());
        assertThat(location.stateName()).isEqualTo("counts");
        assertThat(location.maxParallelism()).isEqualTo(8);
        assertThat(location.ranges())
                .containsExactly(
                        new KvStateLocation.Range(new io.queryablestate.messages.KeyGroupRange(2, 5), placement));
        assertThat(placement.kvStateId()).hasToString(id.toString());
    }

    @Test
    void shouldAskForTheJobAndNameThatItIsAskedFor() {
        CompletableFuture<String> asked = new CompletableFuture<>();
        CompletableFuture<?> unused = new JobMasterOracle((jobId, name) -> {
                    asked.complete(jobId + " " + name);
                    return new CompletableFuture<>();
                })
                .locate(sameJob, "counts");

        assertThat(asked).isCompletedWithValue(job + " counts");
    }

    @Test
    void shouldFailTyped_whenTheMasterKnowsNoSuchState() {
        assertFails(new UnknownKvStateLocation("counts"), ErrorCode.LOCATION_UNKNOWN);
    }

    @Test
    void shouldFailTyped_whenTheMasterKnowsNoSuchJob() {
        assertFails(new CompletionException(new FlinkJobNotFoundException(job)), ErrorCode.UNKNOWN_JOB);
    }

    @Test
    void shouldFailTyped_whenTheMasterIsNoLongerTheLeader() {
        assertFails(new FencingTokenException("an old token"), ErrorCode.LOCATION_UNKNOWN);
    }

    private void assertFails(Throwable failure, ErrorCode code) {
        JobMasterOracle oracle = new JobMasterOracle((jobId, name) -> CompletableFuture.failedFuture(failure));

        assertThatThrownBy(() -> oracle.locate(sameJob, "counts").get(1, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        QueryableStateException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static InetSocketAddress address() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress("tm-7", new byte[] {10, 0, 0, 7}), 9067);
    }
}
