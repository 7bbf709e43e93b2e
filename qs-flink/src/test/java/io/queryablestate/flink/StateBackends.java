package io.queryablestate.flink;

import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;

/** Names of backends as the tests have them: Flink's own, and after a plus sign what is wrapped around their states. */
final class StateBackends {

    private StateBackends() {}

    /** All that this version of Flink has, wrapped and not. */
    static Stream<String> all() {
        return Stream.concat(Stream.of("hashmap", "rocksdb"), allWrapped());
    }

    static Stream<String> allWrapped() {
        return wrappers().flatMap(wrapper -> Stream.of("hashmap+" + wrapper, "rocksdb+" + wrapper));
    }

    static Stream<String> allButPlainRocksDb() {
        return all().filter(name -> !name.equals("rocksdb"));
    }

    private static Stream<String> wrappers() {
        return hasSizeTracking() ? Stream.of("latency", "size", "changelog") : Stream.of("latency", "changelog");
    }

    private static boolean hasSizeTracking() {
        try {
            Class.forName("org.apache.flink.configuration.StateSizeTrackOptions");
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** For example {@code hashmap} or {@code rocksdb+latency}. */
    static void select(String name, Configuration configuration) {
        String[] parts = name.split("\\+", 2);
        configuration.setString("state.backend.type", parts[0]);
        if (parts.length == 2) {
            wrap(parts[1], configuration);
        }
    }

    /** By the names of Flink 1.20, which 2.3 takes too; size tracking came later. */
    private static void wrap(String wrapper, Configuration configuration) {
        switch (wrapper) {
            case "latency" -> configuration.setString("state.backend.latency-track.keyed-state-enabled", "true");
            case "size" -> configuration.setString("state.size-track.keyed-state-enabled", "true");
            case "changelog" -> configuration.setString("state.backend.changelog.enabled", "true");
            default -> throw new IllegalArgumentException(wrapper);
        }
    }
}
