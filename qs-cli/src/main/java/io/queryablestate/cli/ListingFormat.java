package io.queryablestate.cli;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.JobId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a listing as lines, for people or as JSON. */
final class ListingFormat {

    private ListingFormat() {}

    static List<String> text(Listing listing) {
        List<String> lines = new ArrayList<>();
        for (Listing.Proxy proxy : listing.proxies()) {
            lines.add("proxy " + proxy.address() + " "
                    + (proxy.failure() == null ? "answered" : "did not answer: " + Failures.line(proxy.failure())));
        }
        JobId job = null;
        for (Listing.State state : listing.states()) {
            CatalogueEntry entry = state.description();
            if (!entry.jobId().equals(job)) {
                job = entry.jobId();
                lines.add("job " + job + " " + TextFormat.escape(entry.jobName()));
            }
            lines.add("  state " + TextFormat.escape(entry.stateName()) + " kind=" + entry.kind() + " key="
                    + entry.keyType() + " value=" + entry.valueType() + " key-groups=" + entry.maxParallelism());
            for (Listing.Placement placement : state.placement()) {
                lines.add("    key groups " + placement.keyGroups() + " at "
                        + (placement.server() == null ? "no server" : placement.server()));
            }
            if (state.failure() != null) {
                lines.add("    placement not known: " + Failures.line(state.failure()));
            }
        }
        if (listing.states().isEmpty()) {
            lines.add("no states");
        }
        return lines;
    }

    static List<String> json(Listing listing) {
        List<String> lines = new ArrayList<>();
        for (Listing.Proxy proxy : listing.proxies()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("proxy", proxy.address().toString());
            line.put("answered", proxy.failure() == null);
            if (proxy.failure() != null) {
                line.put("code", proxy.failure().code().name());
                line.put("error", proxy.failure().text());
            }
            lines.add(JsonFormat.format(line));
        }
        for (Listing.State state : listing.states()) {
            lines.add(JsonFormat.format(members(state)));
        }
        return lines;
    }

    private static Map<String, @Nullable Object> members(Listing.State state) {
        CatalogueEntry entry = state.description();
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("job", entry.jobId().toString());
        line.put("name", entry.jobName());
        line.put("state", entry.stateName());
        line.put("kind", entry.kind().name());
        line.put("key", entry.keyType());
        line.put("value", entry.valueType());
        line.put("maxParallelism", entry.maxParallelism());
        line.put(
                "placement",
                state.failure() == null
                        ? state.placement().stream().map(ListingFormat::members).toList()
                        : null);
        return line;
    }

    private static Map<String, @Nullable Object> members(Listing.Placement placement) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("first", placement.keyGroups().start());
        members.put("last", placement.keyGroups().end());
        members.put(
                "server", placement.server() == null ? null : placement.server().toString());
        return members;
    }
}
