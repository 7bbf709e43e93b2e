package io.queryablestate.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The jobs that a JobManager lists, as {@code {"jobs":[{"jid":"…","name":"…","state":"RUNNING",…},…]}}. Other fields are
 * skipped, so that versions of Flink may differ in them.
 */
record JobsOverview(List<ListedJob> jobs) {

    /** Jobs that have ended, or are about to: none of them answers any more, or for long. */
    private static final Set<String> ENDING = Set.of("CANCELLING", "CANCELED", "FAILED", "FINISHED", "SUSPENDED");

    private static final int NAMES_IN_TEXT = 10;
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads an overview.
     *
     * @throws IOException if the bytes are none
     */
    static JobsOverview parse(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "it is no object");
            List<ListedJob> jobs = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isJobs = parser.currentName().equals("jobs");
                JsonToken value = parser.nextToken();
                if (isJobs) {
                    require(value == JsonToken.START_ARRAY, "\"jobs\" is no array");
                    jobs = parseJobs(parser);
                } else {
                    parser.skipChildren();
                }
            }
            require(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null, "it goes on");
            if (jobs == null) {
                throw new IOException("it has no \"jobs\"");
            }
            return new JobsOverview(jobs);
        }
    }

    private static List<ListedJob> parseJobs(JsonParser parser) throws IOException {
        List<ListedJob> jobs = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            jobs.add(parseJob(parser));
        }
        require(parser.currentToken() == JsonToken.END_ARRAY, "a job is no object");
        return jobs;
    }

    private static ListedJob parseJob(JsonParser parser) throws IOException {
        String id = null;
        String name = null;
        String state = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value != JsonToken.VALUE_STRING) {
                parser.skipChildren();
                continue;
            }
            switch (field) {
                case "jid" -> id = parser.getText();
                case "name" -> name = parser.getText();
                case "state" -> state = parser.getText();
                default -> {}
            }
        }
        if (id == null || name == null || state == null) {
            throw new IOException("a job has no \"jid\", \"name\" or \"state\"");
        }
        return new ListedJob(parseId(id), name, state);
    }

    private static JobId parseId(String text) throws IOException {
        try {
            return JobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }

    /**
     * The one job of that name that has not ended.
     *
     * @throws QueryableStateException {@code UNKNOWN_JOB} if there is none, {@code BAD_REQUEST} if there are several:
     *     they may be different jobs, and an answer of the wrong one would look right
     */
    JobId theOneThatRuns(JobName name) {
        List<ListedJob> running =
                jobs.stream().filter(job -> !ENDING.contains(job.state())).toList();
        List<JobId> found = running.stream()
                .filter(job -> job.name().equals(name.name()))
                .map(ListedJob::id)
                .toList();
        if (found.isEmpty()) {
            throw new QueryableStateException(
                    ErrorCode.UNKNOWN_JOB, "no job \"" + name + "\" runs; there are " + names(running));
        }
        if (found.size() > 1) {
            throw new QueryableStateException(
                    ErrorCode.BAD_REQUEST,
                    found.size() + " jobs have the name \"" + name + "\", give the id of one: "
                            + found.stream()
                                    .limit(NAMES_IN_TEXT)
                                    .map(JobId::toString)
                                    .collect(Collectors.joining(", ")));
        }
        return found.get(0);
    }

    private static String names(List<ListedJob> running) {
        String names = running.stream()
                .map(ListedJob::name)
                .distinct()
                .sorted()
                .limit(NAMES_IN_TEXT)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    /**
     * A job of the overview.
     *
     * @param id its id
     * @param name its name, which others may have as well
     * @param state the name of its status, such as {@code RUNNING}
     */
    record ListedJob(JobId id, String name, String state) {}
}
