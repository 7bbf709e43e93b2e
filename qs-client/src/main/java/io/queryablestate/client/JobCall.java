package io.queryablestate.client;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A call about one job. If the job is known by its name, the id is found before the first attempt, and once more when no
 * proxy knows it any more, because the job has been submitted anew.
 *
 * @param <R> what the caller gets
 */
abstract class JobCall<R> extends ClientCall<R> {

    private final JobReference job;
    private @Nullable JobId jobId;
    private boolean foundAgain;

    JobCall(ClientLoop loop, long timeoutNanos, JobReference job) {
        super(loop, timeoutNanos);
        this.job = job;
    }

    /** The job of this attempt; on the event loop. */
    final JobId jobId() {
        if (jobId == null) {
            throw new IllegalStateException("an attempt before the job was found");
        }
        return jobId;
    }

    @Override
    final void begin() {
        JobId known = job.id();
        if (known != null) {
            jobId = known;
            onJobFound();
        } else if (job instanceof NamedJob named) {
            waitFor(new Failure(ErrorCode.LOOKUP_TIMED_OUT, "the id of job \"" + named.name() + "\" is not known yet"));
            find(named, null);
        }
    }

    @Override
    final void giveUp(Failure failure) {
        JobId dead = jobId;
        if (job instanceof NamedJob named && dead != null && wasJobUnknown()) {
            named.forget(dead);
            if (!foundAgain && !isOverdue()) {
                foundAgain = true;
                find(named, failure);
                return;
            }
        }
        fail(failure);
    }

    /** Goes on with the id of the job, or ends with {@code former} if it is the one with which that has happened. */
    private void find(NamedJob named, @Nullable Failure former) {
        named.find(timer())
                .whenComplete((found, failure) -> resume(() -> {
                    if (found == null) {
                        fail(failureOf(failure));
                    } else if (former != null && found.equals(jobId)) {
                        fail(former);
                    } else {
                        jobId = found;
                        onJobFound();
                    }
                }));
    }

    /** Goes on when {@link #jobId()} is known, for the first time or anew. On the event loop. */
    void onJobFound() {
        attemptAnew();
    }

    private static Failure failureOf(@Nullable Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return cause instanceof QueryableStateException typed
                ? new Failure(typed.code(), typed.text())
                : new Failure(ErrorCode.UNKNOWN_JOB, "the lookup of the job failed: " + cause);
    }
}
