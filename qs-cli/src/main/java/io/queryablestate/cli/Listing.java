package io.queryablestate.cli;

import io.queryablestate.client.Catalogue;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.messages.StateKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies of a client know.
 *
 * @param proxies each proxy, and why it has not answered; null if it has
 * @param states the states of all jobs, by job
 */
record Listing(List<Proxy> proxies, List<State> states) {

    /**
     * One proxy.
     *
     * @param address where it is
     * @param failure why it has not answered; null if it has
     */
    record Proxy(ServerAddress address, @Nullable QueryableStateException failure) {}

    /**
     * One state of one job.
     *
     * @param description the first catalogue entry of it; the key groups are those of one task manager only
     * @param placement who holds which key groups, without gaps; empty if that is not known
     * @param failure why the placement is not known; null if it is
     */
    record State(
            CatalogueEntry description,
            List<Placement> placement,
            @Nullable QueryableStateException failure) {}

    /**
     * Key groups that are in one place.
     *
     * @param keyGroups which
     * @param server the state server that holds them; null if nobody does
     */
    record Placement(KeyGroupRange keyGroups, @Nullable ServerAddress server) {}

    /** Asks the proxies; waits for their answers. */
    static Listing of(QueryableStateClient client) {
        Catalogue catalogue = client.catalogue().join();
        List<Proxy> proxies = new ArrayList<>();
        catalogue.answered().forEach(address -> proxies.add(new Proxy(address, null)));
        catalogue.failed().forEach((address, failure) -> proxies.add(new Proxy(address, failure)));
        proxies.sort(Comparator.comparing((Proxy proxy) -> proxy.address().host())
                .thenComparing(proxy -> proxy.address().port()));

        Map<Identity, CatalogueEntry> distinct = new LinkedHashMap<>();
        catalogue.entries().stream()
                .sorted(Comparator.comparing(CatalogueEntry::jobName)
                        .thenComparing(entry -> entry.jobId().toString())
                        .thenComparing(CatalogueEntry::stateName))
                .forEach(entry -> distinct.putIfAbsent(Identity.of(entry), entry));
        Map<CatalogueEntry, CompletableFuture<KvStateLocation>> locations = new LinkedHashMap<>();
        distinct.values().forEach(entry -> locations.put(entry, client.location(entry.jobId(), entry.stateName())));
        List<State> states = new ArrayList<>();
        locations.forEach((entry, location) -> {
            try {
                states.add(new State(entry, placement(location.join()), null));
            } catch (CompletionException e) {
                states.add(new State(entry, List.of(), Failures.typed(e)));
            }
        });
        return new Listing(List.copyOf(proxies), List.copyOf(states));
    }

    private static List<Placement> placement(KvStateLocation location) {
        List<Placement> placement = new ArrayList<>();
        int next = 0;
        for (KvStateLocation.Range range : location.ranges()) {
            if (range.keyGroups().start() > next) {
                placement.add(
                        new Placement(new KeyGroupRange(next, range.keyGroups().start() - 1), null));
            }
            placement.add(new Placement(range.keyGroups(), range.placement().server()));
            next = range.keyGroups().end() + 1;
        }
        if (next < location.maxParallelism()) {
            placement.add(new Placement(new KeyGroupRange(next, location.maxParallelism() - 1), null));
        }
        return List.copyOf(placement);
    }

    /** What could not be found out, one line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Proxy proxy : proxies) {
            if (proxy.failure() != null) {
                problems.add(Failures.line(proxy.failure()) + " (proxy " + proxy.address() + ")");
            }
        }
        for (State state : states) {
            if (state.failure() != null) {
                problems.add(Failures.line(state.failure()) + " (placement of "
                        + TextFormat.escape(state.description().stateName()) + ")");
            }
        }
        return problems;
    }

    /** What makes two entries of different task managers the same state. */
    private record Identity(
            JobId jobId, String stateName, StateKind kind, String keyType, String valueType, int maxParallelism) {
        static Identity of(CatalogueEntry entry) {
            return new Identity(
                    entry.jobId(),
                    entry.stateName(),
                    entry.kind(),
                    entry.keyType(),
                    entry.valueType(),
                    entry.maxParallelism());
        }
    }
}
