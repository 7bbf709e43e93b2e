package io.queryablestate.embedded;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.server.HeapKvState;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.ReadMode;
import io.queryablestate.server.RegisteredKvState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One state of a job as bytes: the truth, by key group, and the copies of it that the subtasks serve.
 *
 * <p>The truth is what a checkpoint is to a real engine, only always current: it survives every task manager, and each
 * copy is made from it. A copy holds the key groups of one subtask and nothing else, so a request that reaches the wrong
 * subtask cannot find its value by luck; and no two copies share a map, so a copy that is left serving after its time
 * shows as a value that stops changing.
 *
 * <p><b>Writing.</b> A write replaces the value in the truth and, within that same atomic step, in the copy of its
 * subtask. Writes of one key therefore reach the copy in the order in which they reach the truth, and what the truth has,
 * the copy had before.
 *
 * <p><b>Moving.</b> Subtasks that change their host, or their key groups, get new copies while no write is under way:
 *
 * <ol>
 *   <li>writes are held up, reads are not;
 *   <li>the new copies are made, equal to the old ones;
 *   <li>the new copies are registered: the location registry now names them, and whoever still asks an old one gets the
 *       same values;
 *   <li>the old ones are unregistered, which returns when no read of them is running. From here on they are not read:
 *       a proxy that has not heard of the move is refused, asks for the location again, and finds the new ones;
 *   <li>writes go on, to the new copies.
 * </ol>
 *
 * So at no time are there two readable copies with different values: whoever has seen a value never finds an older one.
 * And at no time is a key group without a readable copy, nor a copy readable that lacks values: there is no wrong
 * absence. Where the old host is down, step 4 has nothing to wait for, since the host's sockets are closed.
 *
 * <p>Thread-safe.
 */
final class PartitionedState {

    private final StateDefinition definition;
    private final HeapKvState[] truth;
    /** Writers of values share it; who replaces copies has it alone. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private List<Copy> copies = List.of();
    private boolean ended;

    PartitionedState(StateDefinition definition) {
        this.definition = definition;
        this.truth = new HeapKvState[definition.maxParallelism()];
        for (int keyGroup = 0; keyGroup < truth.length; keyGroup++) {
            truth[keyGroup] = new HeapKvState();
        }
    }

    /** The present value, as a reader finds it; null if there is none. */
    byte @Nullable [] get(int keyHashCode, byte[] key) {
        return shared(() -> copyOf(KeyGroups.of(keyHashCode, truth.length)).get(key));
    }

    /**
     * Replaces a value, atomically.
     *
     * @param change from the present value to the new one, null for none; what it throws leaves everything as it was
     */
    void update(int keyHashCode, byte[] key, UnaryOperator<byte @Nullable []> change) {
        int keyGroup = KeyGroups.of(keyHashCode, truth.length);
        shared(() -> {
            HeapKvState copy = copyOf(keyGroup);
            truth[keyGroup].update(key, present -> {
                byte[] next = change.apply(present);
                if (next == null) {
                    copy.remove(key);
                } else {
                    copy.put(key, next);
                }
                return next;
            });
            return null;
        });
    }

    /** How many keys have a value. */
    int size() {
        int size = 0;
        for (HeapKvState keyGroup : truth) {
            size += keyGroup.size();
        }
        return size;
    }

    /**
     * Says which process hosts each subtask from now on; their number is the parallelism. Subtasks for which nothing
     * changes keep their copies.
     */
    void place(List<TaskManagerProcess> hosts) {
        lock.writeLock().lock();
        try {
            List<Copy> before = copies;
            List<Copy> after = new ArrayList<>(hosts.size());
            for (int subtask = 0; subtask < hosts.size(); subtask++) {
                TaskManagerProcess host = hosts.get(subtask);
                boolean stays =
                        before.size() == hosts.size() && before.get(subtask).host() == host;
                after.add(stays ? before.get(subtask) : serve(hosts.size(), subtask, host));
            }
            copies = after;
            before.stream().filter(copy -> !after.contains(copy)).forEach(Copy::withdraw);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Unregisters the copies on a host; what they hold stays in the truth. */
    void withdrawFrom(TaskManagerProcess host) {
        shared(() -> {
            copies.stream().filter(copy -> copy.host() == host).forEach(Copy::withdraw);
            return null;
        });
    }

    /** Unregisters everything; values can neither be read nor written any more. */
    void end() {
        lock.writeLock().lock();
        try {
            copies.forEach(Copy::withdraw);
            copies = List.of();
            ended = true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <R> R shared(Supplier<R> action) {
        lock.readLock().lock();
        try {
            if (ended) {
                throw new IllegalStateException("job " + definition.jobId() + " has ended");
            }
            return action.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private HeapKvState copyOf(int keyGroup) {
        return copies.get(KeyGroups.subtaskOf(keyGroup, truth.length, copies.size()))
                .values();
    }

    private Copy serve(int parallelism, int subtask, TaskManagerProcess host) {
        KeyGroupRange keyGroups = KeyGroups.rangeOf(truth.length, parallelism, subtask);
        HeapKvState values = new HeapKvState();
        for (int keyGroup = keyGroups.start(); keyGroup <= keyGroups.end(); keyGroup++) {
            truth[keyGroup].forEach(values::put);
        }
        RegisteredKvState registration = host.isUp() ? host.register(definition.registration(keyGroups, values)) : null;
        return new Copy(host, values, registration);
    }

    /**
     * What one subtask serves.
     *
     * @param host where
     * @param values the key groups of the subtask; never those of another copy
     * @param registration null if the host was down when the copy was made
     */
    private record Copy(
            TaskManagerProcess host,
            HeapKvState values,
            @Nullable RegisteredKvState registration) {

        void withdraw() {
            if (registration != null) {
                registration.close();
            }
        }
    }

    /**
     * What a state is called and how its catalogue line reads.
     *
     * @param jobId the job
     * @param jobName the job's name
     * @param stateName the name under which the state is queryable
     * @param keyType name of the key's type
     * @param codec says the kind and the name of the value's type
     * @param maxParallelism the number of key groups
     */
    record StateDefinition(
            JobId jobId, String jobName, String stateName, String keyType, StateCodec<?> codec, int maxParallelism) {

        KvStateRegistration registration(KeyGroupRange keyGroups, HeapKvState values) {
            return KvStateRegistration.builder()
                    .jobId(jobId)
                    .jobName(jobName)
                    .stateName(stateName)
                    .kind(codec.kind())
                    .types(keyType, codec.valueType())
                    .keyGroups(maxParallelism, keyGroups)
                    .state(values, ReadMode.inline())
                    .build();
        }
    }
}
