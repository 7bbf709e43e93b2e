package io.queryablestate.embedded;

import io.queryablestate.client.serialization.AggregatingStateDescriptor;
import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.ListStateDescriptor;
import io.queryablestate.client.serialization.MapStateDescriptor;
import io.queryablestate.client.serialization.ValueStateDescriptor;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A job that runs in the cluster: named keyed states, spread by key group over subtasks, and these over task managers.
 *
 * <p>Thread-safe. States are read and written meanwhile; every other change of the cluster waits for one that is under
 * way. Methods that change the job throw {@link IllegalStateException} once it has ended.
 */
public final class EmbeddedJob implements AutoCloseable {

    private final JobId jobId = JobId.random();
    private final String name;
    private final int maxParallelism;
    private final TaskManagers taskManagers;
    private final LocationRegistry locations;
    /** This and what follows is guarded by {@link #taskManagers}. */
    private final Map<String, PartitionedState> states = new LinkedHashMap<>();

    private List<TaskManagerProcess> hosts;
    private boolean ended;

    /** Starts the job; the caller holds the monitor of the task managers. */
    EmbeddedJob(
            String name, int parallelism, int maxParallelism, TaskManagers taskManagers, LocationRegistry locations) {
        KeyGroups.checkMaxParallelism(maxParallelism);
        this.name = name;
        this.maxParallelism = maxParallelism;
        this.taskManagers = taskManagers;
        this.locations = locations;
        checkParallelism(parallelism);
        this.hosts = taskManagers.hosts(parallelism);
        locations.jobStarted(jobId);
        taskManagers.updateLocationOracle(jobId, locations);
    }

    /** Its id, by which clients ask for it. */
    public JobId jobId() {
        return jobId;
    }

    /** Its name, for people. */
    public String name() {
        return name;
    }

    /** How many key groups it has. */
    public int maxParallelism() {
        return maxParallelism;
    }

    /** How many subtasks it has. */
    public int parallelism() {
        synchronized (taskManagers) {
            return hosts.size();
        }
    }

    /** The index of the task manager that a subtask is on, whether that is up or not. */
    public int taskManagerOf(int subtask) {
        synchronized (taskManagers) {
            return hosts.get(checkedSubtask(subtask)).index();
        }
    }

    /**
     * Adds an empty value or reducing state and makes it queryable.
     *
     * @throws IllegalArgumentException if the job has a state of that name, or the name is too long
     */
    public <K, V> EmbeddedState<K, V> addState(
            String stateName, KeySerializer<K> keySerializer, ValueStateDescriptor<V> descriptor) {
        return addState(stateName, keySerializer, StateCodec.of(descriptor));
    }

    /** The same for a list state. */
    public <K, T> EmbeddedState<K, List<T>> addState(
            String stateName, KeySerializer<K> keySerializer, ListStateDescriptor<T> descriptor) {
        return addState(stateName, keySerializer, StateCodec.of(descriptor));
    }

    /** The same for a map state. */
    public <K, M, V> EmbeddedState<K, Map<M, V>> addState(
            String stateName, KeySerializer<K> keySerializer, MapStateDescriptor<M, V> descriptor) {
        return addState(stateName, keySerializer, StateCodec.of(descriptor));
    }

    /** The same for an aggregating state, which holds accumulators. */
    public <K, A> EmbeddedState<K, A> addState(
            String stateName, KeySerializer<K> keySerializer, AggregatingStateDescriptor<A, ?> descriptor) {
        return addState(stateName, keySerializer, StateCodec.of(descriptor));
    }

    private <K, V> EmbeddedState<K, V> addState(String stateName, KeySerializer<K> keySerializer, StateCodec<V> codec) {
        synchronized (taskManagers) {
            checkRunning();
            if (states.containsKey(stateName)) {
                throw new IllegalArgumentException("the job has a state \"" + stateName + "\" already");
            }
            PartitionedState values = new PartitionedState(new PartitionedState.StateDefinition(
                    jobId, name, stateName, keySerializer.typeName(), codec, maxParallelism));
            values.place(hosts);
            states.put(stateName, values);
            return new EmbeddedState<>(stateName, keySerializer, codec, values);
        }
    }

    /**
     * Moves a subtask with its key groups to another task manager. Values can be read all the while.
     *
     * @param subtask from 0
     * @param taskManager index of one that is up
     * @throws IllegalStateException if it is down
     */
    public void moveSubtask(int subtask, int taskManager) {
        change(moved -> moved.set(checkedSubtask(subtask), taskManagers.running(taskManager)));
    }

    /**
     * Changes the number of subtasks and spreads the key groups anew over the task managers that are up. Values can be
     * read all the while.
     *
     * @param parallelism 1 to the job's {@link #maxParallelism()}
     * @throws IllegalStateException if no task manager is up
     */
    public void rescale(int parallelism) {
        checkParallelism(parallelism);
        change(rescaled -> {
            rescaled.clear();
            rescaled.addAll(taskManagers.hosts(parallelism));
        });
    }

    /**
     * What a failover does: subtasks whose task manager is down get one that is up, with all their values, and are
     * registered there. Does nothing to others.
     *
     * @throws IllegalStateException if no task manager is up
     */
    public void recover() {
        change(recovered -> {
            for (int subtask = 0; subtask < recovered.size(); subtask++) {
                if (!recovered.get(subtask).isUp()) {
                    recovered.set(subtask, taskManagers.hostOf(subtask));
                }
            }
        });
    }

    /** Ends the job: its states are unregistered, proxies forget it. Does nothing the second time. */
    @Override
    public void close() {
        synchronized (taskManagers) {
            if (!ended) {
                ended = true;
                locations.jobEnded(jobId);
                taskManagers.updateLocationOracle(jobId, null);
                states.values().forEach(PartitionedState::end);
            }
        }
    }

    /** A task manager begins to stop: it serves none of this job's states any more. */
    void withdrawFrom(TaskManagerProcess host) {
        states.values().forEach(state -> state.withdrawFrom(host));
    }

    /** A task manager has come back: it learns who knows this job and gets the subtasks it still has. */
    void welcomeBack(TaskManagerProcess host) {
        host.updateLocationOracle(jobId, locations);
        change(returned ->
                returned.replaceAll(former -> former.index() == host.index() && !former.isUp() ? host : former));
    }

    boolean isRunning() {
        synchronized (taskManagers) {
            return !ended;
        }
    }

    private void change(Consumer<List<TaskManagerProcess>> change) {
        synchronized (taskManagers) {
            checkRunning();
            List<TaskManagerProcess> changed = new ArrayList<>(hosts);
            change.accept(changed);
            hosts = changed;
            states.values().forEach(state -> state.place(changed));
        }
    }

    private void checkRunning() {
        if (ended) {
            throw new IllegalStateException("job " + jobId + " has ended");
        }
    }

    private int checkedSubtask(int subtask) {
        if (subtask < 0 || subtask >= hosts.size()) {
            throw new IllegalArgumentException("there is no subtask " + subtask + ", there are " + hosts.size());
        }
        return subtask;
    }

    private void checkParallelism(int parallelism) {
        if (parallelism < 1 || parallelism > maxParallelism) {
            throw new IllegalArgumentException("a parallelism is 1 to " + maxParallelism + ", got " + parallelism);
        }
    }
}
