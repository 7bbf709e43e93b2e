package io.queryablestate.flink;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What came of a trial.
 *
 * @param ended whether the jobs ended as they should, or were still making progress when the trial was over
 * @param records how many records the jobs have worked off
 * @param right lookups that were answered right
 * @param absent lookups of a key that had no value yet
 * @param failed lookups that ended with an error
 * @param wrong lookups that were answered wrong
 * @param unanswered lookups that had no answer ten seconds after the last one was made
 * @param millisAlone how long each cancellation took of a job that nobody asked
 * @param millisAsked the same of a job under lookups
 */
record TrialReport(
        boolean ended,
        long records,
        long right,
        long absent,
        long failed,
        long wrong,
        int unanswered,
        List<Long> millisAlone,
        List<Long> millisAsked) {

    private static final long MAX_MILLIS_ADDED_TO_CANCEL = 1_000;

    static TrialReport of(boolean ended, long records, Lookups lookups) {
        return of(ended, records, List.of(lookups), lookups.stop(), List.of(), List.of());
    }

    static TrialReport of(
            boolean ended,
            long records,
            Collection<Lookups> lookups,
            int unanswered,
            List<Long> millisAlone,
            List<Long> millisAsked) {
        return new TrialReport(
                ended,
                records,
                lookups.stream().mapToLong(one -> one.right.get()).sum(),
                lookups.stream().mapToLong(one -> one.absent.get()).sum(),
                lookups.stream().mapToLong(one -> one.failed.get()).sum(),
                lookups.stream().mapToLong(one -> one.wrong.size()).sum(),
                unanswered,
                millisAlone,
                millisAsked);
    }

    /** Whether lookups have harmed neither the job nor each other. */
    boolean passed() {
        return ended
                && right > 0
                && wrong == 0
                && unanswered == 0
                && (millisAsked.isEmpty() || millisAddedToCancel() <= MAX_MILLIS_ADDED_TO_CANCEL);
    }

    /** How much longer the slowest cancellation under lookups took than the usual one without. */
    long millisAddedToCancel() {
        return Collections.max(millisAsked)
                - millisAlone.stream().sorted().toList().get(millisAlone.size() / 2);
    }

    String toJson() {
        String cancels = millisAsked.isEmpty()
                ? ""
                : ",\"millisAlone\":" + millisAlone + ",\"millisAsked\":" + millisAsked + ",\"millisAddedToCancel\":"
                        + millisAddedToCancel();
        return "{\"passed\":" + passed() + ",\"ended\":" + ended + ",\"records\":" + records + ",\"right\":" + right
                + ",\"absent\":" + absent + ",\"failed\":" + failed + ",\"wrong\":" + wrong + ",\"unanswered\":"
                + unanswered + cancels + "}";
    }
}
