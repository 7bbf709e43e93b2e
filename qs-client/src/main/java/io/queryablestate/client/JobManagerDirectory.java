package io.queryablestate.client;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds jobs in the overview that a Flink JobManager's REST interface gives of them. An answer is read up to a limit, and
 * a redirection is not followed: only the server that was named is believed. Thread-safe.
 */
final class JobManagerDirectory implements JobDirectory {

    static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    private final URI overview;
    private final HttpClient http;

    /**
     * Connects to nobody yet.
     *
     * @param address {@code host:port} or a URL
     * @throws IllegalArgumentException if it is neither
     */
    JobManagerDirectory(String address) {
        this.overview = overviewAt(address.strip());
        // Not when it is first needed: it reads the trust store, for which no event loop should wait.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private static URI overviewAt(String address) {
        String url = address.contains("://") ? address : "http://" + address;
        URI base;
        try {
            base = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (IllegalArgumentException e) {
            throw notAnAddress(address, e);
        }
        boolean isHttp = "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
        if (!isHttp
                || base.getHost() == null
                || base.getPort() > 65_535
                || base.getRawUserInfo() != null
                || base.getRawQuery() != null
                || base.getRawFragment() != null) {
            throw notAnAddress(address, null);
        }
        return URI.create(base + "/v1/jobs/overview");
    }

    private static IllegalArgumentException notAnAddress(String address, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "a job manager's address is host:port or an http or https URL, got \"" + address + "\"", cause);
    }

    @Override
    public CompletableFuture<JobId> find(JobName name, Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(overview).timeout(timeout).build();
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(
                request,
                head -> head.statusCode() == 200
                        ? new BoundedBody(MAX_ANSWER_BYTES)
                        : BodySubscribers.replacing(new byte[0]));
        CompletableFuture<JobId> found = exchange.handle((response, failure) -> {
            if (failure != null) {
                throw typed(failure);
            }
            return jobIn(response, name);
        });
        // The other way round, so that an answer for which nobody waits any more is not read to its end.
        found.whenComplete((id, failure) -> exchange.cancel(true));
        return found;
    }

    private JobId jobIn(HttpResponse<byte[]> response, JobName name) {
        if (response.statusCode() != 200) {
            throw failure(ErrorCode.PROTOCOL_VIOLATION, "has answered with HTTP status " + response.statusCode(), null);
        }
        JobsOverview jobs;
        try {
            jobs = JobsOverview.parse(response.body());
        } catch (IOException e) {
            throw failure(ErrorCode.PROTOCOL_VIOLATION, "has not sent an overview of jobs: " + e.getMessage(), e);
        }
        return jobs.theOneThatRuns(name);
    }

    private QueryableStateException typed(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof QueryableStateException typed) {
                return failure(typed.code(), typed.text(), typed);
            }
        }
        if (cause instanceof HttpTimeoutException) {
            return failure(ErrorCode.LOOKUP_TIMED_OUT, "has not answered in time", cause);
        }
        if (cause instanceof ConnectException) {
            return failure(ErrorCode.CONNECTION_REFUSED, "cannot be connected to", cause);
        }
        if (cause instanceof SSLException || cause instanceof ProtocolException) {
            return failure(ErrorCode.PROTOCOL_VIOLATION, "does not speak as expected: " + cause.getMessage(), cause);
        }
        return failure(ErrorCode.CONNECTION_LOST, "was not reached: " + cause, cause);
    }

    private QueryableStateException failure(ErrorCode code, String text, @Nullable Throwable cause) {
        return new QueryableStateException(code, "the job manager at " + overview + " " + text, cause);
    }
}
