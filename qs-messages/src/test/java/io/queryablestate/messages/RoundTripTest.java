package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whatever a message says, it is read as it was written, 10,000 times each. */
class RoundTripTest {

    private static final int MAX_PORT = 65_535;
    private static final int KEY_GROUPS = 128;

    @Property
    void shouldReadHello(@ForAll("texts") String token, @ForAll("texts") String cluster) {
        Hello hello = new Hello(Hello.VERSION, Hello.VERSION, token, cluster);

        assertThat(Hello.decode(body(out -> hello.encode(out, 1)))).isEqualTo(hello);
    }

    @Property
    void shouldReadWelcome(@ForAll @IntRange(max = 0xffff) int version, @ForAll("texts") String cluster) {
        Welcome welcome = new Welcome(version, cluster);

        assertThat(Welcome.decode(body(out -> welcome.encode(out, 1)))).isEqualTo(welcome);
    }

    @Property
    void shouldReadLocationRequest(
            @ForAll @IntRange(min = 1) int budget,
            @ForAll long upper,
            @ForAll long lower,
            @ForAll("texts") String name) {
        LocationRequest request = new LocationRequest(budget, new JobId(upper, lower), name);

        assertThat(LocationRequest.decode(body(out -> request.encode(out, 1)))).isEqualTo(request);
    }

    @Property
    void shouldReadCatalogueRequest(@ForAll @IntRange(min = 1) int budget) {
        CatalogueRequest request = new CatalogueRequest(budget);

        assertThat(CatalogueRequest.decode(body(out -> request.encode(out, 1)))).isEqualTo(request);
    }

    @Property
    void shouldReadLocation(
            @ForAll long upper,
            @ForAll long lower,
            @ForAll("texts") String name,
            @ForAll @Size(max = 10) List<@From("placements") KvStatePlacement> placements) {
        KvStateLocation.Builder location = KvStateLocation.builder(new JobId(upper, lower), name, KEY_GROUPS);
        for (int i = 0; i < placements.size(); i++) {
            location.place(new KeyGroupRange(2 * i, 2 * i + 1), placements.get(i));
        }
        KvStateLocation built = location.build();

        assertThat(KvStateLocation.decode(body(out -> built.encode(out, 1)))).isEqualTo(built);
    }

    @Property
    void shouldReadFailure(
            @ForAll ErrorCode code,
            @ForAll @StringLength(max = 60) String text,
            @ForAll boolean isFinal,
            @ForAll @IntRange(max = 0xffff) int pause) {
        String sound = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Failure failure = new Failure(code, sound, isFinal, pause);
        ByteBuf frame = frame(out -> failure.encode(out, 7));

        assertThat(Failure.decode(frame, 0, frame.writerIndex())).isEqualTo(failure);
    }

    @Property
    void shouldReadRequest(
            @ForAll @IntRange(min = 1) int budget,
            @ForAll long upper,
            @ForAll long lower,
            @ForAll int hash,
            @ForAll("names") byte[] name,
            @ForAll @Size(max = 300) byte[] key) {
        KvStateRequestCodec codec = new KvStateRequestCodec();
        ByteBuf frame =
                frame(out -> KvStateRequestCodec.encode(out, 9, budget, new JobId(upper, lower), name, hash, key));
        codec.decode(frame, 0, frame.writerIndex());
        assertRequest(codec, frame, upper, lower, hash, name, key);
        assertThat(codec.budgetMillis()).isEqualTo(budget);

        ByteBuf flinks =
                frame(out -> KvStateRequestCodec.encodeVersion1(out, 9, new JobId(upper, lower), name, hash, key));
        codec.decodeVersion1(flinks, 0, flinks.writerIndex());
        assertRequest(codec, flinks, upper, lower, hash, name, key);
    }

    private static void assertRequest(
            KvStateRequestCodec codec, ByteBuf frame, long upper, long lower, int hash, byte[] name, byte[] key) {
        assertThat(codec.jobId()).isEqualTo(new JobId(upper, lower));
        assertThat(codec.keyHashCode()).isEqualTo(hash);
        assertThat(ByteBufUtil.getBytes(frame, codec.nameOffset(), codec.nameLength()))
                .isEqualTo(name);
        assertThat(ByteBufUtil.getBytes(frame, codec.keyOffset(), codec.keyLength()))
                .isEqualTo(key);
        assertThat(Frames.requestId(frame, 0)).isEqualTo(9);
    }

    @Property
    void shouldReadInternalRequest(
            @ForAll @IntRange(min = 1) int budget,
            @ForAll long upper,
            @ForAll long lower,
            @ForAll @IntRange(max = 0x7fff) int keyGroup,
            @ForAll @Size(max = 300) byte[] key) {
        KvStateId id = new KvStateId(upper, lower);
        KvStateInternalRequestCodec codec = new KvStateInternalRequestCodec();
        ByteBuf frame = frame(out -> {
            KvStateInternalRequestCodec.encodeHeader(out, 9, budget, id, keyGroup, key.length);
            out.writeBytes(key);
        });
        codec.decode(frame, 0, frame.writerIndex());

        assertThat(codec.kvStateId()).isEqualTo(id);
        assertThat(codec.keyGroup()).isEqualTo(keyGroup);
        assertThat(codec.budgetMillis()).isEqualTo(budget);
        assertThat(ByteBufUtil.getBytes(frame, codec.keyOffset(), codec.keyLength()))
                .isEqualTo(key);
    }

    @Property
    void shouldReadBatchRequest(
            @ForAll @IntRange(min = 1) int budget,
            @ForAll("names") byte[] name,
            @ForAll @Size(min = 1, max = 8) List<@Size(max = 60) byte[]> keys) {
        int size =
                keys.stream().mapToInt(key -> BatchKeys.encodedSize(key.length)).sum();
        ByteBuf frame = frame(out -> {
            KvStateBatchRequestCodec.encodeHeader(out, 9, budget, new JobId(1, 2), name, size);
            for (int i = 0; i < keys.size(); i++) {
                BatchKeys.encode(out, i, 31 * i, keys.get(i));
            }
        });
        BatchKeys read = new KvStateBatchRequestCodec().decode(frame, 0, frame.writerIndex());

        assertThat(read.size()).isEqualTo(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            assertThat(read.keyHashCode(frame, i)).isEqualTo(31 * i);
            assertThat(ByteBufUtil.getBytes(frame, read.keyOffset(i), read.keyLength(frame, i)))
                    .isEqualTo(keys.get(i));
        }
    }

    @Property
    void shouldReadResult(@ForAll @Size(max = 300) byte[] value) {
        ByteBuf frame = frame(out -> {
            KvStateResultCodec.encodeHeader(out, 0, 9, value.length);
            out.writeBytes(value);
        });

        assertThat(KvStateResultCodec.decode(frame, 0, frame.writerIndex())).isEqualTo(value.length);
        assertThat(ByteBufUtil.getBytes(frame, KvStateResultCodec.HEADER_BYTES, value.length))
                .isEqualTo(value);
    }

    /** Of every length that fits each field, and of every plane of Unicode. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(60)
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<byte[]> names() {
        return texts().map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<KvStatePlacement> placements() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(40),
                        Arbitraries.integers().between(1, MAX_PORT))
                .as((id, host, port) -> new KvStatePlacement(new KvStateId(id, ~id), new ServerAddress(host, port)));
    }

    private static ByteBuf body(Consumer<ByteBuf> encoder) {
        return Bytes.body(Bytes.written(encoder));
    }

    private static ByteBuf frame(Consumer<ByteBuf> encoder) {
        return Bytes.buffer(Bytes.written(encoder));
    }
}
