package io.queryablestate.flinkclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which values that Flink leaves to Kryo are the same bytes in Flink 1.20, which has Kryo 2, and 2.3, which has Kryo 5. The
 * records of both were printed by {@link KryoSample#main} with that version on the class path; docs/flink.md tells users
 * what follows from them.
 */
class KryoBytesTest {

    private static final String OURS = System.getProperty("flink.version");
    private static final String OTHERS = OURS.startsWith("1.") ? "2.3.0" : "1.20.0";
    private static final Set<String> AGREED = Set.of("simple-fields");

    /** These come out as other values, and nothing tells: each version finds as many bytes as it expects. */
    private static final Set<String> MISTAKEN = Set.of("double-field", "bit-set");

    static Stream<KryoSample> samples() {
        return KryoSample.all();
    }

    static Stream<KryoSample> agreed() {
        return samples().filter(sample -> AGREED.contains(sample.name()));
    }

    static Stream<KryoSample> differing() {
        return samples().filter(sample -> !AGREED.contains(sample.name()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldWriteTheBytesOnRecord(KryoSample sample) throws IOException {
        byte[] recorded = record(OURS, sample);

        assertThat(Serializers.serialize(sample.serializer(), sample.value())).isEqualTo(recorded);
        assertThat(Serializers.deserialize(sample.serializer(), recorded)).isEqualTo(sample.value());
    }

    @ParameterizedTest
    @MethodSource("agreed")
    void shouldReadTheOtherVersionsBytes_whenTheyAgree(KryoSample sample) throws IOException {
        byte[] others = record(OTHERS, sample);

        assertThat(others).isEqualTo(record(OURS, sample));
        assertThat(Serializers.deserialize(sample.serializer(), others)).isEqualTo(sample.value());
    }

    @ParameterizedTest
    @MethodSource("differing")
    void shouldFailOrMistakeTheOtherVersionsBytes_whenTheyDiffer(KryoSample sample) throws IOException {
        byte[] others = record(OTHERS, sample);
        assertThat(others).isNotEqualTo(record(OURS, sample));

        Object read = readQuietly(sample, others);

        if (MISTAKEN.contains(sample.name())) {
            assertThat(read).isNotNull().isNotEqualTo(sample.value());
        } else {
            assertThat(read).isNull();
        }
    }

    private static @Nullable Object readQuietly(KryoSample sample, byte[] bytes) {
        try {
            return Serializers.deserialize(sample.serializer(), bytes);
        } catch (QueryableStateException e) {
            return null;
        }
    }

    private static byte[] record(String version, KryoSample sample) throws IOException {
        try (InputStream records = KryoBytesTest.class.getResourceAsStream("kryo-" + version + ".txt")) {
            Map<String, String> byName = new String(
                            Objects.requireNonNull(records).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(words -> words[0], words -> words[1]));
            return HexFormat.of().parseHex(byName.get(sample.name()));
        }
    }
}
