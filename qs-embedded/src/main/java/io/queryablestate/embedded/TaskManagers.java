package io.queryablestate.embedded;

import io.queryablestate.messages.JobId;
import io.queryablestate.routing.LocationOracle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The task managers of a cluster. Everything that starts or ends one of them, or places subtasks on them, holds this
 * object's monitor meanwhile, so that who is up does not change under it. Values are written without it.
 */
final class TaskManagers {

    private final List<EmbeddedTaskManager> all;

    TaskManagers(List<EmbeddedTaskManager> all) {
        this.all = List.copyOf(all);
    }

    List<EmbeddedTaskManager> all() {
        return all;
    }

    EmbeddedTaskManager get(int index) {
        if (index < 0 || index >= all.size()) {
            throw new IllegalArgumentException("there is no task manager " + index + ", there are " + all.size());
        }
        return all.get(index);
    }

    /**
     * The process of a task manager that runs.
     *
     * @throws IllegalStateException if it does not
     */
    TaskManagerProcess running(int index) {
        TaskManagerProcess process = get(index).process();
        if (!process.isUp()) {
            throw new IllegalStateException("task manager " + index + " is down");
        }
        return process;
    }

    /** Gives subtasks to the task managers that run, in turn. */
    List<TaskManagerProcess> hosts(int parallelism) {
        List<TaskManagerProcess> hosts = new ArrayList<>(parallelism);
        for (int subtask = 0; subtask < parallelism; subtask++) {
            hosts.add(hostOf(subtask));
        }
        return hosts;
    }

    /**
     * Who takes a subtask that has no host.
     *
     * @throws IllegalStateException if no task manager runs
     */
    TaskManagerProcess hostOf(int subtask) {
        List<TaskManagerProcess> up = processes();
        if (up.isEmpty()) {
            throw new IllegalStateException("no task manager is up");
        }
        return up.get(subtask % up.size());
    }

    /** Tells the proxies who knows a job; null for nobody. */
    void updateLocationOracle(JobId jobId, @Nullable LocationOracle oracle) {
        processes().forEach(process -> process.updateLocationOracle(jobId, oracle));
    }

    /** Those that run. */
    List<TaskManagerProcess> processes() {
        return all.stream()
                .map(EmbeddedTaskManager::process)
                .filter(TaskManagerProcess::isUp)
                .toList();
    }
}
