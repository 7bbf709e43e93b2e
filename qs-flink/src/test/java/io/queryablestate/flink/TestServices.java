package io.queryablestate.flink;

import java.util.List;
import org.apache.flink.queryablestate.network.stats.DisabledKvStateRequestStats;

/** What Flink would pass. */
final class TestServices {

    private TestServices() {}

    static ServiceArguments arguments(String address, int port) {
        return new ServiceArguments(address, List.of(port).iterator(), 1, 1, new DisabledKvStateRequestStats());
    }
}
