package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** A value that says whose it is, who wrote it, and whether it is whole. */
record VersionedValue(String key, int incarnation, long version) {

    private static final Pattern SEPARATOR = Pattern.compile("\\|");

    @Override
    public String toString() {
        String content = key + "|" + incarnation + "|" + version;
        CRC32 checksum = new CRC32();
        checksum.update(content.getBytes(StandardCharsets.UTF_8));
        return content + "|" + checksum.getValue();
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @throws AssertionError if anything else has
     */
    static VersionedValue parse(String text) {
        List<String> parts = SEPARATOR.splitAsStream(text).toList();
        assertThat(parts).as("a value in four parts: %s", text).hasSize(4);
        VersionedValue value =
                new VersionedValue(parts.get(0), Integer.parseInt(parts.get(1)), Long.parseLong(parts.get(2)));
        assertThat(text).as("the value with the right checksum").isEqualTo(value.toString());
        return value;
    }
}
