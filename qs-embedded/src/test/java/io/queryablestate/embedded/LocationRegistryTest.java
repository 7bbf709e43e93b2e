package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.messages.StateKind;
import io.queryablestate.server.KvStateInfo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocationRegistryTest {

    private static final JobId JOB = new JobId(1, 2);
    private static final String STATE = "counts";
    private static final ServerAddress OLD_HOST = new ServerAddress("old", 1);
    private static final ServerAddress NEW_HOST = new ServerAddress("new", 2);

    private final LocationRegistry registry = new LocationRegistry();

    @BeforeEach
    void startJob() {
        registry.jobStarted(JOB);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void shouldKeepTheNewRegistration_whenTheOldOneEndsLate() {
        KvStateInfo former = info(new KvStateId(0, 1), 7, 0, 3);
        KvStateInfo present = info(new KvStateId(0, 2), 1, 0, 3);
        registry.registered(former, OLD_HOST);
        registry.registered(present, NEW_HOST);

        registry.unregistered(former, OLD_HOST);

        assertThat(locate().placementOf(3)).isEqualTo(new KvStatePlacement(present.kvStateId(), NEW_HOST));
    }

    @Test
    void shouldKeepTheNewRegistration_whenTheOldOneOfTheSameIdEndsLate() {
        KvStateId id = new KvStateId(0, 1);
        KvStateInfo former = info(id, 1, 0, 3);
        registry.registered(former, OLD_HOST);
        registry.registered(info(id, 2, 0, 3), OLD_HOST);

        registry.unregistered(former, OLD_HOST);

        assertThat(locate().placementOf(0)).isEqualTo(new KvStatePlacement(id, OLD_HOST));
    }

    @Test
    void shouldDropOnlyWhatIsLeftOfARegistration_whenOthersHaveTakenPartOfIt() {
        KvStateInfo whole = info(new KvStateId(0, 1), 1, 0, 3);
        registry.registered(whole, OLD_HOST);
        registry.registered(info(new KvStateId(0, 2), 1, 2, 3), NEW_HOST);

        registry.unregistered(whole, OLD_HOST);

        KvStateLocation location = locate();
        assertThat(location.placementOf(1)).isNull();
        assertThat(location.placementOf(2)).isEqualTo(new KvStatePlacement(new KvStateId(0, 2), NEW_HOST));
    }

    @Test
    void shouldKnowNoLocation_whenAllHasBeenUnregistered() {
        KvStateInfo info = info(new KvStateId(0, 1), 1, 0, 3);
        registry.registered(info, OLD_HOST);
        registry.unregistered(info, OLD_HOST);

        assertFails(ErrorCode.LOCATION_UNKNOWN);
    }

    @Test
    void shouldKnowNoJob_whenItHasEnded_alsoIfATaskManagerRegistersLate() {
        registry.jobEnded(JOB);
        registry.registered(info(new KvStateId(0, 1), 1, 0, 3), OLD_HOST);

        assertFails(ErrorCode.UNKNOWN_JOB);
    }

    @Test
    void shouldAnswerOnItsOwnThread() throws Exception {
        registry.registered(info(new KvStateId(0, 1), 1, 0, 3), OLD_HOST);
        registry.delay(Duration.ofMillis(50));

        CompletableFuture<String> thread = registry.locate(JOB, STATE)
                .thenApply(location -> Thread.currentThread().getName());

        assertThat(thread.get(10, TimeUnit.SECONDS)).isEqualTo("embedded-location-registry");
    }

    @Test
    void shouldAnswerWhatWasSoWhenAsked_whenItIsSlow() throws Exception {
        registry.registered(info(new KvStateId(0, 1), 1, 0, 3), OLD_HOST);
        registry.delay(Duration.ofMillis(50));
        CompletableFuture<KvStateLocation> asked = registry.locate(JOB, STATE);
        registry.registered(info(new KvStateId(0, 2), 1, 0, 3), NEW_HOST);

        KvStateLocation answer = asked.get(10, TimeUnit.SECONDS);
        assertThat(answer.placementOf(0)).isEqualTo(new KvStatePlacement(new KvStateId(0, 1), OLD_HOST));
    }

    @Test
    void shouldThrow_whenToldToFail() {
        IllegalStateException failure = new IllegalStateException("broken");
        registry.fail(failure);

        assertThatThrownBy(() -> registry.locate(JOB, STATE)).isSameAs(failure);
    }

    @Test
    void shouldFailAtOnce_whenClosed() {
        registry.close();

        assertFails(ErrorCode.SHUTTING_DOWN);
    }

    private KvStateLocation locate() {
        return registry.locate(JOB, STATE).orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void assertFails(ErrorCode code) {
        assertThat(registry.locate(JOB, STATE))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(QueryableStateException.class, error -> assertThat(error.code())
                        .isEqualTo(code));
    }

    private static KvStateInfo info(KvStateId id, long incarnation, int firstKeyGroup, int lastKeyGroup) {
        return new KvStateInfo(
                id,
                incarnation,
                new CatalogueEntry(
                        JOB,
                        "job",
                        STATE,
                        StateKind.VALUE,
                        "int",
                        "long",
                        4,
                        new KeyGroupRange(firstKeyGroup, lastKeyGroup)));
    }
}
