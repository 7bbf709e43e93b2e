package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes into Flink's lib directory, where everything in it meets everything else. */
class PackagedJarIT {

    private static List<String> files;

    @BeforeAll
    static void list() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("qs.flink.jar"))) {
            files = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .toList();
        }
    }

    @Test
    void shouldHoldFlinksPackageNamesForTheTwoDoorsOnly() {
        assertThat(files)
                .filteredOn(file -> file.startsWith("org/apache/flink/"))
                .containsExactlyInAnyOrder(
                        "org/apache/flink/queryablestate/client/proxy/KvStateClientProxyImpl.class",
                        "org/apache/flink/queryablestate/client/proxy/package-info.class",
                        "org/apache/flink/queryablestate/server/KvStateServerImpl.class",
                        "org/apache/flink/queryablestate/server/package-info.class");
    }

    @Test
    void shouldHoldNoClassThatAnotherJarMayHold() {
        assertThat(files)
                .filteredOn(file -> file.endsWith(".class"))
                .allMatch(file -> file.startsWith("io/queryablestate/") || file.startsWith("org/apache/flink/"))
                .anyMatch(file -> file.startsWith("io/queryablestate/flink/shaded/io/netty/channel/"))
                .anyMatch(file -> file.startsWith("io/queryablestate/flink/shaded/caffeine/"));
    }

    @Test
    void shouldHoldNothingThatDeserializesJavaObjects() {
        assertThat(files).noneMatch(file -> file.contains("/codec/serialization/"));
    }

    @Test
    void shouldHoldNativeLibrariesUnderTheNameThatRelocatedNettyLooksFor() {
        assertThat(files)
                .filteredOn(file -> file.startsWith("META-INF/native/"))
                .containsExactlyInAnyOrder(
                        "META-INF/native/libio_queryablestate_flink_shaded_netty_transport_native_epoll_x86_64.so",
                        "META-INF/native/libio_queryablestate_flink_shaded_netty_transport_native_epoll_aarch_64.so");
    }
}
