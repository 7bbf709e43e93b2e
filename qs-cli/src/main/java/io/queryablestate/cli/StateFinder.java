package io.queryablestate.cli;

import io.queryablestate.client.Catalogue;
import io.queryablestate.client.JobName;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the state that the user means, and what the user has not said about it, in the catalogue of the proxies. They are
 * not asked for it when everything has been said. The name of a job is looked up at the job manager, if there is one.
 */
final class StateFinder {

    private final QueryableStateClient client;
    private final StateOptions wanted;

    StateFinder(QueryableStateClient client, StateOptions wanted) {
        this.client = client;
        this.wanted = wanted;
    }

    /**
     * The state.
     *
     * @throws QueryableStateException if it is not known, or not which one is meant
     * @throws UsageException if types that the user has given do not fit
     */
    AskableState<?, ?> find() {
        wanted.check();
        Optional<JobId> jobId = wanted.nameTheJob() ? Optional.of(lookUp()) : wanted.jobId();
        if (jobId.isPresent() && wanted.describeTheState()) {
            return unlisted(jobId.get());
        }
        Catalogue catalogue = client.catalogue().join();
        if (catalogue.answered().isEmpty()) {
            QueryableStateException failure = firstFailure(catalogue);
            // A proxy of Flink's has no catalogue, but can be asked for keys.
            if (failure.code() == ErrorCode.BAD_REQUEST && jobId.isPresent() && wanted.areTyped()) {
                return unlisted(jobId.get());
            }
            throw failure;
        }
        List<CatalogueEntry> ofJob = catalogue.entries().stream()
                .filter(entry -> jobId.map(entry.jobId()::equals)
                        .orElseGet(() -> entry.jobName().equals(wanted.job())))
                .toList();
        checkOneJob(ofJob);
        List<Description> states = ofJob.stream()
                .filter(entry -> entry.stateName().equals(wanted.state()))
                .map(Description::of)
                .distinct()
                .toList();
        if (states.isEmpty()) {
            if (jobId.isPresent() && wanted.areTyped()) {
                return unlisted(jobId.get());
            }
            throw notListed(catalogue, ofJob);
        }
        if (states.size() > 1) {
            throw new QueryableStateException(
                    ErrorCode.BAD_REQUEST, "task managers differ about the types of the state: " + states);
        }
        return described(states.get(0));
    }

    private JobId lookUp() {
        try {
            return client.jobId(JobName.of(wanted.job())).join();
        } catch (CompletionException e) {
            throw Failures.typed(e);
        }
    }

    /** The state as the user has described it. */
    private AskableState<?, ?> unlisted(JobId jobId) {
        return described(new Description(jobId, "", StateKind.VALUE, "", ""));
    }

    private AskableState<?, ?> described(Description state) {
        try {
            return new AskableState<>(
                    state.jobId(),
                    wanted.nameTheJob() ? wanted.job() : state.jobName(),
                    wanted.nameTheJob(),
                    wanted.state(),
                    wanted.keyType(state.keyType()),
                    wanted.descriptor(state.kind(), state.valueType()));
        } catch (IllegalArgumentException e) {
            throw new QueryableStateException(
                    ErrorCode.SERIALIZER_MISMATCH, "the catalogue says " + state.types() + ": " + e.getMessage(), e);
        }
    }

    private void checkOneJob(List<CatalogueEntry> entries) {
        List<JobId> jobs =
                entries.stream().map(CatalogueEntry::jobId).distinct().toList();
        if (jobs.size() > 1) {
            throw new QueryableStateException(
                    ErrorCode.BAD_REQUEST,
                    jobs.size() + " jobs have the name \"" + wanted.job() + "\", give the id of one: "
                            + jobs.stream().map(JobId::toString).sorted().collect(Collectors.joining(", ")));
        }
    }

    private QueryableStateException notListed(Catalogue catalogue, List<CatalogueEntry> ofJob) {
        String silent = catalogue.failed().isEmpty()
                ? ""
                : " (" + catalogue.failed().size() + " of the proxies did not answer: " + catalogue.failed() + ")";
        if (ofJob.isEmpty()) {
            return new QueryableStateException(
                    ErrorCode.UNKNOWN_JOB,
                    "the proxies list no job \"" + wanted.job() + "\"; they list "
                            + names(catalogue.entries(), entry -> entry.jobName() + " " + entry.jobId()) + silent
                            + hint());
        }
        return new QueryableStateException(
                ErrorCode.LOCATION_UNKNOWN,
                "the job has no state \"" + wanted.state() + "\"; it has " + names(ofJob, CatalogueEntry::stateName)
                        + silent);
    }

    /** Flink's task managers do not know what their jobs are called. */
    private String hint() {
        return wanted.nameTheJob() || wanted.jobId().isPresent()
                ? ""
                : "; --job-manager says where to look a job's name up";
    }

    private static String names(List<CatalogueEntry> entries, Function<CatalogueEntry, String> name) {
        return entries.isEmpty()
                ? "none"
                : entries.stream()
                        .map(name)
                        .map(String::strip)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    private static QueryableStateException firstFailure(Catalogue catalogue) {
        return catalogue.failed().entrySet().stream()
                .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
                .map(entry -> new QueryableStateException(
                        entry.getValue().code(), entry.getValue().text(), entry.getValue()))
                .findFirst()
                .orElseThrow();
    }

    private record Description(JobId jobId, String jobName, StateKind kind, String keyType, String valueType) {

        static Description of(CatalogueEntry entry) {
            return new Description(entry.jobId(), entry.jobName(), entry.kind(), entry.keyType(), entry.valueType());
        }

        String types() {
            return "kind=" + kind + " key=" + keyType + " value=" + valueType;
        }

        @Override
        public String toString() {
            return types();
        }
    }
}
