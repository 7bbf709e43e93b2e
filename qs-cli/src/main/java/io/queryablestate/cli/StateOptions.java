package io.queryablestate.cli;

import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.StateKind;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which state of which job, and what the user says about its types. */
final class StateOptions {

    private static final int JOB_ID_DIGITS = 32;

    @Option(
            names = "--job",
            required = true,
            paramLabel = "ID|NAME",
            description = {
                "The job, by its id of 32 hexadecimal digits or by its name,",
                "which is looked up at the --job-manager, else in the proxies' catalogue."
            })
    private String job = "";

    @Option(
            names = "--job-manager",
            paramLabel = "URL",
            description = "The JobManager's REST address, host:port or a URL, to look the job's name up.")
    private @Nullable String jobManager;

    @Option(
            names = "--state",
            required = true,
            paramLabel = "NAME",
            description = "The name under which the state is queryable.")
    private String state = "";

    @Option(
            names = "--key-type",
            paramLabel = "TYPE",
            description = "Type of the keys, such as long or string (default: what the catalogue says).")
    private @Nullable String keyType;

    @Option(
            names = "--value-type",
            paramLabel = "TYPE",
            description = {
                "Type of the values, such as long, list<string> or tuple2<long,string>; for list state the type of the"
                        + " elements, for map state map<k,v>, for aggregating state that of the accumulator",
                "(default: what the catalogue says)."
            })
    private @Nullable String valueType;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = {
                "Kind of the state: ${COMPLETION-CANDIDATES}",
                "(default: what the catalogue says; VALUE if it does not know and both types are given)."
            })
    private @Nullable StateKind kind;

    StateOptions() {}

    String job() {
        return job;
    }

    /**
     * Tells a client where to look the job's name up, if the user has said it.
     *
     * @throws UsageException if that is no address
     */
    void addJobManager(QueryableStateClientBuilder builder) {
        if (jobManager != null) {
            usage("--job-manager", () -> builder.jobManager(orEmpty(jobManager)));
        }
    }

    /** Whether the job manager is to say which job is meant. */
    boolean nameTheJob() {
        return jobManager != null && jobId().isEmpty();
    }

    String state() {
        return state;
    }

    /** The id, if the job is given by one. */
    Optional<JobId> jobId() {
        if (job.length() != JOB_ID_DIGITS || !job.chars().allMatch(digit -> Character.digit(digit, 16) >= 0)) {
            return Optional.empty();
        }
        return Optional.of(JobId.parse(job));
    }

    /** Whether the state of a job with a known id can be asked without a catalogue. */
    boolean describeTheState() {
        return areTyped() && kind != null;
    }

    boolean areTyped() {
        return keyType != null && valueType != null;
    }

    /**
     * Fails early on what cannot be meant.
     *
     * @throws UsageException if the user gave a job without a name or a type that does not exist
     */
    void check() {
        if (job.isEmpty()) {
            throw new UsageException("--job is the id or the name of a job, got none");
        }
        if (keyType != null) {
            usage("--key-type", () -> KeyType.of(orEmpty(keyType)));
        }
        if (valueType != null) {
            usage("--value-type", () -> Serializers.forTypeName(orEmpty(valueType)));
        }
    }

    /** How keys are written; {@code listed} is the catalogue's word for it. */
    KeyType<?> keyType(String listed) {
        return keyType == null ? KeyType.of(listed) : usage("--key-type", () -> KeyType.of(orEmpty(keyType)));
    }

    /** How answers are read; the arguments are the catalogue's words for it. */
    StateDescriptor<?> descriptor(StateKind listedKind, String listedType) {
        StateKind chosen = kind == null ? listedKind : kind;
        return valueType == null
                ? StateDescriptor.forCatalogue(chosen, listedType)
                : usage("--value-type", () -> StateDescriptor.forCatalogue(chosen, orEmpty(valueType)));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static <T> T usage(String option, Supplier<T> parsed) {
        try {
            return parsed.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }
}
