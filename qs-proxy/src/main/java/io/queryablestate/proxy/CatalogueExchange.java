package io.queryablestate.proxy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.network.ServerExchange;
import java.util.List;

/** A client's question which states this task manager knows; answered at once. */
final class CatalogueExchange extends ServerExchange {

    CatalogueExchange(ProxyHandler client, long requestId, int budgetMillis) {
        super(client, requestId, budgetMillis);
    }

    void answer(List<CatalogueEntry> entries) {
        message((out, requestId) -> CatalogueEntry.encodeAll(entries, out, requestId));
    }

    @Override
    protected void onEnd() {
        // Holds nothing.
    }
}
