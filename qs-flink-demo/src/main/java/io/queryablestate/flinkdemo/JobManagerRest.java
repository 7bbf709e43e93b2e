package io.queryablestate.flinkdemo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a job manager says about its cluster. */
final class JobManagerRest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final ObjectMapper json = new ObjectMapper();

    JobManagerRest(URI address) {
        this.address = address;
    }

    URI address() {
        return address;
    }

    /** How many task managers have registered and not been lost. */
    int taskManagers() throws IOException, InterruptedException {
        return get("/overview").path("taskmanagers").asInt();
    }

    /** Whether all tasks of a job run: a job that only waits for its tasks calls itself running as well. */
    boolean isRunning(JobId job) throws IOException, InterruptedException {
        JsonNode vertices = get("/jobs/" + job).path("vertices");
        for (JsonNode vertex : vertices) {
            if (vertex.path("tasks").path("RUNNING").asInt()
                    != vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return !vertices.isEmpty();
    }

    /** When the last checkpoint that is complete was begun, in milliseconds since 1970; 0 if there is none. */
    long lastCheckpointBegun(JobId job) throws IOException, InterruptedException {
        return latestCheckpoints(job)
                .path("completed")
                .path("trigger_timestamp")
                .asLong();
    }

    /** When a job was last restored from a checkpoint, in milliseconds since 1970; 0 if it never was. */
    long lastRestored(JobId job) throws IOException, InterruptedException {
        return latestCheckpoints(job).path("restored").path("restore_timestamp").asLong();
    }

    private JsonNode latestCheckpoints(JobId job) throws IOException, InterruptedException {
        return get("/jobs/" + job + "/checkpoints").path("latest");
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(TIMEOUT).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the job manager answered " + path + " with status " + response.statusCode());
        }
        return json.readTree(response.body());
    }
}
