package io.queryablestate.server;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A registry on manual time, with short names for what most tests do. */
final class TestRegistry implements AutoCloseable {

    static final JobId JOB = new JobId(1, 2);
    static final Duration BUDGET = Duration.ofSeconds(2);

    final ManualTime time = new ManualTime();
    final KvStateRegistry registry;

    TestRegistry(KvStateRegistryOptions.Builder options) {
        registry = new KvStateRegistry(options.nanoTime(time).build(), time);
    }

    TestRegistry() {
        this(options());
    }

    /** One query thread, so that tests know what runs. */
    static KvStateRegistryOptions.Builder options() {
        return KvStateRegistryOptions.builder().queryThreads(1).closeTimeout(Duration.ZERO);
    }

    /** Key groups 0 to 63 of 128. */
    static KvStateRegistration.Builder offer(KvState state, ReadMode mode) {
        return KvStateRegistration.builder()
                .jobId(JOB)
                .stateName("counts")
                .keyGroups(128, new KeyGroupRange(0, 63))
                .state(state, mode);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    RegisteredKvState register(KvState state, ReadMode mode) {
        return registry.register(offer(state, mode).build());
    }

    RecordedRead newRead(Duration budget) {
        return new RecordedRead(bytes("key"), time.getAsLong() + budget.toNanos());
    }

    RecordedRead read(RegisteredKvState state) {
        return read(state.kvStateId(), BUDGET);
    }

    RecordedRead read(KvStateId id, Duration budget) {
        return read(id, newRead(budget));
    }

    <R extends PendingRead> R read(KvStateId id, R read) {
        registry.read(id, 7, read);
        return read;
    }

    @Override
    public void close() {
        registry.close();
    }
}
