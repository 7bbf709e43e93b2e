package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Round trips, limits and meaning of the messages that are not on the request path. */
class ControlMessagesTest {

    private static final JobId JOB = new JobId(0x1011121314151617L, 0x2021222324252627L);
    private static final KvStatePlacement HERE =
            new KvStatePlacement(new KvStateId(1, 2), new ServerAddress("tm-1", 9067));
    private static final KvStatePlacement THERE =
            new KvStatePlacement(new KvStateId(3, 4), new ServerAddress("tm-2", 9067));

    @Test
    void shouldReadHello_whenItWroteIt() {
        Hello hello = new Hello(2, 3, "töken", "prod");

        assertThat(Hello.decode(Bytes.body(Bytes.written(out -> hello.encode(out, 1)))))
                .isEqualTo(hello);
        assertThat(hello.toString()).doesNotContain("töken");
    }

    @Test
    void shouldSkipWhatALaterVersionAppends_whenItIsAHelloOrWelcome() {
        Hello hello = Hello.anonymous();
        Welcome welcome = new Welcome(2, "prod");
        ByteBuf longerHello = Unpooled.copiedBuffer(
                Bytes.body(Bytes.written(out -> hello.encode(out, 1))), Bytes.buffer(new byte[9]));
        ByteBuf longerWelcome = Unpooled.copiedBuffer(
                Bytes.body(Bytes.written(out -> welcome.encode(out, 1))), Bytes.buffer(new byte[9]));

        assertThat(Hello.decode(longerHello)).isEqualTo(hello);
        assertThat(Welcome.decode(longerWelcome)).isEqualTo(welcome);
    }

    @Test
    void shouldWriteNothing_whenATextExceedsItsLimit() {
        ByteBuf out = Unpooled.buffer().writeInt(5);

        Bytes.assertBadRequest(() -> new Hello(2, 2, "x".repeat(2049), "").encode(out, 1));
        Bytes.assertBadRequest(() -> new Hello(2, 2, "x".repeat(70_000), "").encode(out, 1));
        Bytes.assertBadRequest(() -> new Welcome(2, "x".repeat(257)).encode(out, 1));
        Bytes.assertBadRequest(() -> new LocationRequest(1, JOB, "x".repeat(1025)).encode(out, 1));
        assertThat(out.writerIndex()).isEqualTo(Integer.BYTES);
    }

    @Test
    void shouldHoldEqualPlacementsAsOne() {
        KvStatePlacement same = new KvStatePlacement(HERE.kvStateId(), new ServerAddress("tm-1", 9067));
        assertThat(same).isEqualTo(HERE).isNotSameAs(HERE);
        KvStateLocation location = KvStateLocation.builder(JOB, "counts", 4)
                .place(new KeyGroupRange(0, 0), HERE)
                .place(new KeyGroupRange(1, 1), THERE)
                .place(new KeyGroupRange(2, 3), same)
                .build();

        assertThat(location.placementOf(2)).isSameAs(HERE);
        assertThat(location.placementOf(3)).isSameAs(HERE);
        assertThat(location.placementOf(1)).isSameAs(THERE);
    }

    @Test
    void shouldReadTheLongestTexts() {
        Hello hello = new Hello(0, 65_535, "t".repeat(2048), "c".repeat(256));
        LocationRequest request = new LocationRequest(Integer.MAX_VALUE, JOB, "s".repeat(1024));

        assertThat(Hello.decode(Bytes.body(Bytes.written(out -> hello.encode(out, 1)))))
                .isEqualTo(hello);
        assertThat(LocationRequest.decode(Bytes.body(Bytes.written(out -> request.encode(out, 1)))))
                .isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void shouldRefuse_whenBudgetIsSpent(int budgetMillis) {
        byte[] location = Bytes.written(out -> new LocationRequest(budgetMillis, JOB, "s").encode(out, 1));
        byte[] catalogue = Bytes.written(out -> new CatalogueRequest(budgetMillis).encode(out, 1));

        Bytes.assertBadRequest(() -> LocationRequest.decode(Bytes.body(location)));
        Bytes.assertBadRequest(() -> CatalogueRequest.decode(Bytes.body(catalogue)));
    }

    @Test
    void shouldReadCatalogueRequest_whenItWroteIt() {
        CatalogueRequest request = new CatalogueRequest(250);

        assertThat(CatalogueRequest.decode(Bytes.body(Bytes.written(out -> request.encode(out, 1)))))
                .isEqualTo(request);
    }

    @Test
    void shouldReadLocation_whenItHasHoles() {
        KvStateLocation location = KvStateLocation.builder(JOB, "counts", 128)
                .place(new KeyGroupRange(0, 41), HERE)
                .place(new KeyGroupRange(43, 100), THERE)
                .build();

        KvStateLocation read = KvStateLocation.decode(Bytes.body(Bytes.written(out -> location.encode(out, 1))));

        assertThat(read).isEqualTo(location).hasSameHashCodeAs(location);
        assertThat(read.jobId()).isEqualTo(JOB);
        assertThat(read.stateName()).isEqualTo("counts");
        assertThat(read.maxParallelism()).isEqualTo(128);
        assertThat(read.placementOf(41)).isEqualTo(HERE);
        assertThat(read.placementOf(42)).isNull();
        assertThat(read.placementOf(43)).isEqualTo(THERE);
        assertThat(read.placementOf(127)).isNull();
        assertThat(read.ranges())
                .containsExactly(
                        new KvStateLocation.Range(new KeyGroupRange(0, 41), HERE),
                        new KvStateLocation.Range(new KeyGroupRange(43, 100), THERE));
    }

    @Test
    void shouldJoinNeighbours_whenOneServerHoldsThem() {
        KvStateLocation location = KvStateLocation.builder(JOB, "counts", 4)
                .place(new KeyGroupRange(0, 1), HERE)
                .place(new KeyGroupRange(2, 3), HERE)
                .build();

        assertThat(location.ranges()).containsExactly(new KvStateLocation.Range(new KeyGroupRange(0, 3), HERE));
    }

    @Test
    void shouldRefuseALocation_whenRangesOverlapOrLieOutside() {
        KvStateLocation.Builder builder =
                KvStateLocation.builder(JOB, "counts", 4).place(new KeyGroupRange(1, 2), HERE);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.place(new KeyGroupRange(2, 3), THERE));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.place(new KeyGroupRange(3, 4), THERE));
        assertThatIllegalArgumentException().isThrownBy(() -> KvStateLocation.builder(JOB, "counts", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> KvStateLocation.builder(JOB, "counts", 32_769));
    }

    @ParameterizedTest
    @EnumSource(StateKind.class)
    void shouldReadCatalogue_whenItWroteIt(StateKind kind) {
        CatalogueEntry first = new CatalogueEntry(
                JOB, "job", "counts", kind, "LongSerializer", "IntSerializer", 128, new KeyGroupRange(3, 127));
        CatalogueEntry second =
                new CatalogueEntry(JOB, "", "größe", kind, "", "", 32_768, new KeyGroupRange(32_767, 32_767));
        List<CatalogueEntry> entries = List.of(first, second);

        assertThat(CatalogueEntry.decodeAll(
                        Bytes.body(Bytes.written(out -> CatalogueEntry.encodeAll(entries, out, 1)))))
                .isEqualTo(entries);
        assertThat(CatalogueEntry.decodeAll(
                        Bytes.body(Bytes.written(out -> CatalogueEntry.encodeAll(List.of(), out, 1)))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldReadFailure_whenItWroteIt(ErrorCode code) {
        Failure failure = new Failure(code, "wörk", code.disposition() == Disposition.FAIL);
        byte[] frame = Bytes.written(out -> failure.encode(out, 1));

        assertThat(Failure.decode(Bytes.buffer(frame), 0, frame.length)).isEqualTo(failure);
        assertThat(Failure.of(QueryableStateException.of(failure))).isEqualTo(failure);
    }

    @Test
    void shouldCutTheTextOfAFailureAtACharacter_andRefuseALongerOne() {
        byte[] frame = Bytes.written(out -> new Failure(ErrorCode.OVERLOADED, "x" + "é".repeat(500)).encode(out, 1));
        assertThat(Failure.decode(Bytes.buffer(frame), 0, frame.length).text()).isEqualTo("x" + "é".repeat(127));

        byte[] longer = Bytes.written(out -> {
            out.writeBytes(frame, 0, Frames.BODY_OFFSET + 2 * Short.BYTES);
            out.writeBytes(new byte[Frames.MAX_FAILURE_TEXT_BYTES + 1]);
        });
        Bytes.assertBadRequest(() -> Failure.decode(Bytes.buffer(longer), 0, longer.length));
    }
}
