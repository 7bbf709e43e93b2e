package io.queryablestate.flink;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Holds the task of a job inside user code, from a test of the same process. */
final class Gate {

    private static final ConcurrentMap<String, Gate> GATES = new ConcurrentHashMap<>();

    private boolean shut;
    private boolean waiting;

    static Gate of(String job) {
        return GATES.computeIfAbsent(job, first -> new Gate());
    }

    static void openAll() {
        GATES.values().forEach(Gate::open);
    }

    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    /** Called by the task; returns when the gate is open. */
    synchronized void pass() throws InterruptedException {
        while (shut) {
            waiting = true;
            wait();
        }
        waiting = false;
    }

    void awaitWaiting() {
        await().atMost(Duration.ofSeconds(10)).until(this::isWaiting);
    }

    private synchronized boolean isWaiting() {
        return waiting;
    }
}
