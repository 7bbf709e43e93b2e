package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures that Flink's {@code MessageSerializer} of each version wrote, and those of {@link FlinkFailureEncoder}. */
class FlinkFailureDecoderTest {

    private static final String SERVER = "Queryable State Server";

    static List<FlinkClasses> flink() {
        return FlinkClasses.all();
    }

    /** How Flink's servers print a failure into the message of the RuntimeException that they send. */
    static Stream<Arguments> printedFailures() {
        return Stream.of(
                Arguments.of(
                        "org.apache.flink.runtime.query.UnknownKvStateLocation: No KvStateLocation found.\n\tat A.b(C)",
                        new Failure(ErrorCode.LOCATION_UNKNOWN, "No KvStateLocation found.")),
                Arguments.of(
                        "org.apache.flink.queryablestate.exceptions.UnknownLocationException: Could not retrieve\n\tat A",
                        new Failure(ErrorCode.UNKNOWN_JOB, "Could not retrieve")),
                Arguments.of(
                        "java.util.concurrent.CompletionException: "
                                + "org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job\n",
                        new Failure(ErrorCode.UNKNOWN_JOB, "Could not find Flink job")),
                Arguments.of(
                        "java.util.concurrent.CompletionException: java.lang.RuntimeException: odd\n\tat A.b(C.java:1)\n"
                                + "Caused by: java.net.ConnectException: Connection refused\n\t... 12 more",
                        new Failure(ErrorCode.CONNECTION_REFUSED, "Connection refused")),
                Arguments.of(
                        "org.apache.flink.shaded.netty4.io.netty.channel.AbstractChannel$AnnotatedConnectException: "
                                + "Connection refused: localhost/127.0.0.1:1",
                        new Failure(ErrorCode.CONNECTION_REFUSED, "Connection refused: localhost/127.0.0.1:1")),
                Arguments.of(
                        "java.nio.channels.ClosedChannelException\r\n\tat A.b(C.java:1)",
                        new Failure(ErrorCode.CONNECTION_LOST, "ClosedChannelException")),
                Arguments.of(
                        "java.io.IOException: Connection reset by peer\n",
                        new Failure(ErrorCode.CONNECTION_LOST, "Connection reset by peer")),
                Arguments.of(
                        "org.apache.pekko.pattern.AskTimeoutException: Ask timed out",
                        new Failure(ErrorCode.LOOKUP_TIMED_OUT, "Ask timed out")),
                Arguments.of(
                        "java.lang.RuntimeException: Failed request 3.\n Caused by: java.lang.RuntimeException: "
                                + "OVERLOADED: the queue is full\n\tat A.b(C.java:1)",
                        new Failure(ErrorCode.OVERLOADED, "the queue is full")),
                Arguments.of(
                        "java.lang.RuntimeException: Error while processing request with ID 4. Caused by: "
                                + "java.io.IOException: disk gone\n\tat A.b(C.java:1)",
                        new Failure(ErrorCode.STATE_FAILED, "IOException: disk gone")),
                Arguments.of(
                        "java.lang.NullPointerException\n\tat A.b(C.java:1)",
                        new Failure(ErrorCode.STATE_FAILED, "NullPointerException")),
                Arguments.of(
                        "org.apache.flink.queryablestate.exceptions.UnknownKeyOrNamespaceException: a text is no absence",
                        new Failure(ErrorCode.STATE_FAILED, "UnknownKeyOrNamespaceException: a text is no absence")));
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldBeAbsent_whenFlinkSaysUnknownKey(FlinkClasses flink) {
        Throwable thrown = flink.exception("UnknownKeyOrNamespaceException", SERVER);

        assertThat(decodeWrittenBy(flink, thrown)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldKeepTheCode_whenFlinkThrowsItsOwnExceptions(FlinkClasses flink) {
        Throwable unknownId =
                flink.exception("UnknownKvStateIdException", SERVER, flink.kvStateId(new KvStateId(1, 2)));
        Throwable noServer = flink.exception("UnknownKvStateKeyGroupLocationException", SERVER);
        Throwable badRequest = (Throwable) flink.create("network.BadRequestException", SERVER, "NULL returned.");

        assertThat(decodeWrittenBy(flink, unknownId))
                .contains(new Failure(
                        ErrorCode.UNKNOWN_KV_STATE_ID,
                        SERVER + " : No registered state with ID 00000000000000020000000000000001."));
        assertThat(decodeWrittenBy(flink, noServer))
                .contains(new Failure(ErrorCode.NO_SERVER_FOR_KEY_GROUP, SERVER + " : Unknown key-group location."));
        assertThat(decodeWrittenBy(flink, badRequest))
                .contains(new Failure(ErrorCode.BAD_REQUEST, SERVER + " : NULL returned."));
    }

    @ParameterizedTest
    @MethodSource("printedFailures")
    void shouldFindTheRealFailure_whenFlinkHasPrintedItIntoTheMessage(String printed, Failure expected) {
        FlinkClasses flink = FlinkClasses.all().get(0);

        for (String preamble : List.of(
                "Failed request 17.\n Caused by: ",
                "Failed request with ID 17. Caused by: ",
                "Failed incoming message. Caused by: ",
                "Exception in server pipeline. Caused by: ")) {
            assertThat(decodeWrittenBy(flink, new RuntimeException(preamble + printed)))
                    .contains(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldFindTheRealFailure_whenItIsPrintedBelowALongTraceAndCausesHangOn(FlinkClasses flink) {
        Throwable refused = new ConnectException("Connection refused");
        Throwable wrapped = new CompletionException("lookup", deepTrace(40, new IOException("read", refused)));
        RuntimeException sent = new RuntimeException("Failed request 1.\n Caused by: " + printed(wrapped), wrapped);
        sent.addSuppressed(new IllegalStateException("ignored", wrapped));

        Optional<Failure> failure = decodeWrittenBy(flink, sent);

        assertThat(failure).contains(new Failure(ErrorCode.CONNECTION_REFUSED, "Connection refused"));
    }

    /** Successor of Flink's {@code MessageSerializerTest.testServerFailureSerialization}, in the direction we read. */
    @ParameterizedTest
    @MethodSource("flink")
    void shouldReadServerFailure_whenFlinkWroteIt(FlinkClasses flink) {
        byte[] frame = flink.write("serializeServerFailure", new IllegalArgumentException("Unexpected message type X"));

        assertThat(FlinkFailureDecoder.decode(Bytes.buffer(frame), Frames.REQUEST_ID_OFFSET, frame.length))
                .contains(new Failure(ErrorCode.STATE_FAILED, "IllegalArgumentException: Unexpected message type X"));
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldReadBackOurOwn_whateverTheCode(ErrorCode code) {
        FlinkFailureEncoder encoder = new FlinkFailureEncoder(SERVER);

        byte[] frame = Bytes.written(out -> encoder.encodeRequestFailure(out, 1, new Failure(code, "why: é€😀")));

        Failure read = decode(frame).orElseThrow();
        assertThat(read.code()).isEqualTo(code == ErrorCode.WRONG_KEY_GROUP ? ErrorCode.UNKNOWN_KV_STATE_ID : code);
        assertThat(read.text()).endsWith("why: é€😀");
    }

    @Test
    void shouldReadBackOurOwnAbsence() {
        FlinkFailureEncoder encoder = new FlinkFailureEncoder(SERVER);

        assertThat(decode(Bytes.written(out -> encoder.encodeAbsentKey(out, 1))))
                .isEmpty();
    }

    @Test
    void shouldFailTyped_whenBytesAreNoThrowable() {
        byte[] junk = Bytes.ofHex("00000013 79a1b710 00000002 0000000000000001 ffff00");

        assertThat(decode(junk)).contains(new Failure(ErrorCode.STATE_FAILED, "a failure that is not readable"));
    }

    @Test
    void shouldCutTextToTheLimit_whenPeersTextIsLong() {
        FlinkClasses flink = FlinkClasses.all().get(0);

        Failure failure =
                decodeWrittenBy(flink, new RuntimeException("é".repeat(1000))).orElseThrow();

        assertThat(failure.code()).isEqualTo(ErrorCode.STATE_FAILED);
        assertThat(failure.text()).isEqualTo("RuntimeException: " + "é".repeat((256 - 18) / 2));
    }

    private static Optional<Failure> decodeWrittenBy(FlinkClasses flink, Throwable thrown) {
        return decode(flink.write("serializeRequestFailure", 17L, thrown));
    }

    private static Optional<Failure> decode(byte[] frame) {
        return FlinkFailureDecoder.decode(Bytes.buffer(frame), Frames.BODY_OFFSET, frame.length);
    }

    private static Throwable deepTrace(int depth, Throwable cause) {
        return depth == 0 ? new IOException("deep", cause) : deepTrace(depth - 1, cause);
    }

    private static String printed(Throwable thrown) {
        StringWriter out = new StringWriter();
        thrown.printStackTrace(new PrintWriter(out, true));
        return out.toString();
    }
}
