package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What this encoder writes, read with the published classes of each Flink version. */
class FlinkFailureEncoderTest {

    private static final String EXCEPTIONS = "org.apache.flink.queryablestate.exceptions.";
    private static final long REQUEST_ID = 0x0102030405060708L;

    private final FlinkFailureEncoder encoder = new FlinkFailureEncoder("Queryable State Server");

    static List<FlinkClasses> flink() {
        return FlinkClasses.all();
    }

    static Stream<Arguments> badRequests() {
        return FlinkClasses.all().stream()
                .flatMap(flink -> Stream.of(
                        Arguments.of(flink, ErrorCode.UNKNOWN_KV_STATE_ID, "UnknownKvStateIdException"),
                        Arguments.of(flink, ErrorCode.WRONG_KEY_GROUP, "UnknownKvStateIdException"),
                        Arguments.of(
                                flink, ErrorCode.NO_SERVER_FOR_KEY_GROUP, "UnknownKvStateKeyGroupLocationException")));
    }

    static Stream<Arguments> otherFailures() {
        return FlinkClasses.all().stream()
                .flatMap(flink -> Stream.of(
                        Arguments.of(flink, ErrorCode.LOCATION_UNKNOWN, "UnknownKvStateLocation: why"),
                        Arguments.of(flink, ErrorCode.UNKNOWN_JOB, "UnknownLocationException: why"),
                        Arguments.of(flink, ErrorCode.CONNECTION_REFUSED, "ConnectException: why"),
                        Arguments.of(flink, ErrorCode.CONNECTION_LOST, "ClosedChannelException: why"),
                        Arguments.of(flink, ErrorCode.HANDSHAKE_TIMEOUT, "ConnectTimeoutException: why"),
                        Arguments.of(flink, ErrorCode.LOOKUP_TIMED_OUT, "TimeoutException: why"),
                        Arguments.of(flink, ErrorCode.BAD_REQUEST, "BadRequestException: Queryable State Server : why"),
                        Arguments.of(flink, ErrorCode.OVERLOADED, "OVERLOADED: why"),
                        Arguments.of(flink, ErrorCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED: why"),
                        Arguments.of(flink, ErrorCode.STATE_FAILED, "STATE_FAILED: why")));
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldBeReadAsUnknownKey_whenKeyIsAbsent(FlinkClasses flink) {
        byte[] frame = Bytes.written(out -> encoder.encodeAbsentKey(out, REQUEST_ID));

        Throwable cause = readRequestFailure(flink, frame);

        assertThat(cause.getClass()).isEqualTo(flink.type(EXCEPTIONS + "UnknownKeyOrNamespaceException"));
        assertThat(cause).hasMessage("Queryable State Server : No state for the specified key/namespace.");
        assertThat(cause)
                .as("the message that Flink's own exception has")
                .hasMessage(flink.exception("UnknownKeyOrNamespaceException", "Queryable State Server")
                        .getMessage());
        assertCarriesNothingElse(cause);
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void shouldBeReadAsFlinksException_whenFlinksProxyActsOnItsClass(
            FlinkClasses flink, ErrorCode code, String expectedClass) {
        byte[] frame = Bytes.written(out -> encoder.encodeRequestFailure(out, REQUEST_ID, new Failure(code, "why")));

        Throwable cause = readRequestFailure(flink, frame);

        assertThat(cause.getClass()).isEqualTo(flink.type(EXCEPTIONS + expectedClass));
        assertThat(cause).isInstanceOf(flink.type("network.BadRequestException"));
        assertThat(cause).hasMessage("Queryable State Server : why");
        assertCarriesNothingElse(cause);
    }

    /** Successor of Flink's {@code MessageSerializerTest.testKvStateRequestFailureSerialization}: id and cause are kept. */
    @ParameterizedTest
    @MethodSource("otherFailures")
    void shouldBeReadAsRuntimeExceptionThatStartsWithFlinksName_whenItIsAnyOtherFailure(
            FlinkClasses flink, ErrorCode code, String message) {
        byte[] frame = Bytes.written(out -> encoder.encodeRequestFailure(out, REQUEST_ID, new Failure(code, "why")));

        Throwable cause = readRequestFailure(flink, frame);

        assertThat(cause).isExactlyInstanceOf(RuntimeException.class).hasMessage(message);
        assertCarriesNothingElse(cause);
    }

    /** Successor of Flink's {@code MessageSerializerTest.testServerFailureSerialization}, in the direction we write. */
    @ParameterizedTest
    @MethodSource("flink")
    void shouldBeReadWithoutRequestId_whenServerFails(FlinkClasses flink) {
        Failure failure = new Failure(ErrorCode.UNKNOWN_KV_STATE_ID, "gone");
        byte[] frame = Bytes.written(out -> encoder.encodeServerFailure(out, failure));

        Throwable cause = (Throwable) flink.read("deserializeServerFailure", frame);

        assertThat(cause.getClass()).isEqualTo(flink.type(EXCEPTIONS + "UnknownKvStateIdException"));
        assertThat(cause).hasMessage("Queryable State Server : gone");
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldCutTextAtACharacter_whenItIsLong(FlinkClasses flink) {
        String pair = "\ud83d\ude00";
        Failure failure = new Failure(ErrorCode.STATE_FAILED, "\0é€" + pair.repeat(1000));

        byte[] frame = Bytes.written(out -> encoder.encodeRequestFailure(out, REQUEST_ID, failure));

        // Name and separator are 14 bytes, the first three characters 2, 2 and 3, each pair 6.
        String expected = "STATE_FAILED: \0é€" + pair.repeat((Frames.MAX_FAILURE_TEXT_BYTES - 21) / 6);
        assertThat(readRequestFailure(flink, frame)).hasMessage(expected);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldStaySmall_whateverTheCode(ErrorCode code) {
        byte[] frame = Bytes.written(out -> encoder.encodeRequestFailure(out, REQUEST_ID, new Failure(code, "why")));

        assertThat(frame).hasSizeBetween(300, 480);
        assertThat(frame).hasSize(Integer.BYTES + Bytes.buffer(frame).getInt(0));
    }

    @Test
    void shouldNotExceedTheTextLimit_whenServerNameIsLong() {
        FlinkFailureEncoder longNamed = new FlinkFailureEncoder("n".repeat(70_000));

        byte[] frame = Bytes.written(out -> longNamed.encodeAbsentKey(out, REQUEST_ID));

        assertThat(frame).hasSizeLessThan(700);
        assertThat(frame).hasSize(Integer.BYTES + Bytes.buffer(frame).getInt(0));
    }

    private static Throwable readRequestFailure(FlinkClasses flink, byte[] frame) {
        Object failure = flink.read("deserializeRequestFailure", frame);
        assertThat(flink.get(failure, "getRequestId")).isEqualTo(REQUEST_ID);
        return (Throwable) flink.get(failure, "getCause");
    }

    private static void assertCarriesNothingElse(Throwable cause) {
        assertThat(cause).hasNoCause().hasNoSuppressedExceptions();
        assertThat(cause.getStackTrace()).isEmpty();
    }
}
