package io.queryablestate.client;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import java.util.List;
import java.util.Map;

/**
 * The states that the proxies of a client know, each its own task manager's.
 *
 * @param entries what they listed, without repetitions
 * @param answered the proxies that have answered
 * @param failed the proxies that have not, and why
 */
public record Catalogue(
        List<CatalogueEntry> entries,
        List<ServerAddress> answered,
        Map<ServerAddress, QueryableStateException> failed) {

    public Catalogue {
        entries = List.copyOf(entries);
        answered = List.copyOf(answered);
        failed = Map.copyOf(failed);
    }
}
