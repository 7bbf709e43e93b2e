package io.queryablestate.routing;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An oracle that counts and keeps what it is asked; the test answers. */
final class LookupScript implements LocationOracle {

    private final List<LocationKey> keys = new ArrayList<>();
    private final List<CompletableFuture<KvStateLocation>> lookups = new ArrayList<>();

    @Override
    public CompletableFuture<KvStateLocation> locate(JobId jobId, String stateName) {
        keys.add(new LocationKey(jobId, stateName));
        CompletableFuture<KvStateLocation> lookup = new CompletableFuture<>();
        lookups.add(lookup);
        return lookup;
    }

    int asked() {
        return lookups.size();
    }

    long unanswered() {
        return lookups.stream().filter(lookup -> !lookup.isDone()).count();
    }

    CompletableFuture<KvStateLocation> last() {
        return lookups.get(lookups.size() - 1);
    }

    /** Answers the last lookup with a location of its own. */
    KvStateLocation answer() {
        KvStateLocation location = Locations.of(keys.get(keys.size() - 1));
        last().complete(location);
        return location;
    }
}
