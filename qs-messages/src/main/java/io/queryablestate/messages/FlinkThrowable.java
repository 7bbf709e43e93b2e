package io.queryablestate.messages;

import static io.queryablestate.messages.SerializationStream.SC_SERIALIZABLE;
import static io.queryablestate.messages.SerializationStream.SC_WRITE_METHOD;
import static io.queryablestate.messages.SerializationStream.STREAM_MAGIC;
import static io.queryablestate.messages.SerializationStream.STREAM_VERSION;
import static io.queryablestate.messages.SerializationStream.TC_CLASSDESC;
import static io.queryablestate.messages.SerializationStream.TC_ENDBLOCKDATA;
import static io.queryablestate.messages.SerializationStream.TC_NULL;
import static io.queryablestate.messages.SerializationStream.TC_OBJECT;
import static io.queryablestate.messages.SerializationStream.TC_STRING;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The four classes in which version-1 failures are written, as Flink's own clients read them: a Java-serialized object
 * with a message, without cause, stack trace and suppressed exceptions.
 *
 * <p>All bytes but the message are constant: class descriptors from the class up to {@code Throwable}, then the four
 * serialized fields of {@code Throwable}, of which only the message is not null. {@code Throwable} reads a missing stack
 * trace as an empty one. The serialVersionUIDs are those of Flink 1.20.0 and 2.3.0, which are equal, and of the JDK.
 */
final class FlinkThrowable {

    static final FlinkThrowable UNKNOWN_KEY_OR_NAMESPACE =
            new FlinkThrowable("org.apache.flink.queryablestate.exceptions.UnknownKeyOrNamespaceException");
    static final FlinkThrowable UNKNOWN_KV_STATE_ID =
            new FlinkThrowable("org.apache.flink.queryablestate.exceptions.UnknownKvStateIdException");
    static final FlinkThrowable UNKNOWN_KEY_GROUP_LOCATION =
            new FlinkThrowable("org.apache.flink.queryablestate.exceptions.UnknownKvStateKeyGroupLocationException");
    static final FlinkThrowable RUNTIME_EXCEPTION = new FlinkThrowable("java.lang.RuntimeException");

    /** The superclass of the first three in Flink. */
    static final String BAD_REQUEST_EXCEPTION = "org.apache.flink.queryablestate.network.BadRequestException";

    private static final byte[] AFTER_MESSAGE = {TC_NULL, TC_NULL, TC_ENDBLOCKDATA};

    private final String className;
    private final byte[] beforeMessage;

    private FlinkThrowable(String className) {
        this.className = className;
        this.beforeMessage = beforeMessage(className);
    }

    String className() {
        return className;
    }

    /** Bytes that {@link #write} writes. */
    int size(byte[] message) {
        return beforeMessage.length + Short.BYTES + message.length + AFTER_MESSAGE.length;
    }

    /**
     * Writes the serialized object.
     *
     * @param message in {@link ModifiedUtf8}
     */
    void write(ByteBuf out, byte[] message) {
        out.writeBytes(beforeMessage);
        out.writeShort(message.length);
        out.writeBytes(message);
        out.writeBytes(AFTER_MESSAGE);
    }

    private static byte[] beforeMessage(String className) {
        ByteBuf out = Unpooled.buffer(512);
        out.writeShort(STREAM_MAGIC);
        out.writeShort(STREAM_VERSION);
        out.writeByte(TC_OBJECT);
        if (className.equals("java.lang.RuntimeException")) {
            plainClass(out, className, -7034897190745766939L);
        } else {
            plainClass(out, className, 1L);
            plainClass(out, BAD_REQUEST_EXCEPTION, 3458743952407632903L);
        }
        plainClass(out, "java.lang.Exception", -3387516993124229948L);
        throwableClass(out);
        out.writeByte(TC_NULL); // the cause
        out.writeByte(TC_STRING);
        return ByteBufUtil.getBytes(out);
    }

    /** A class without serialized fields; its superclass is to follow. */
    private static void plainClass(ByteBuf out, String name, long serialVersionUid) {
        classHeader(out, name, serialVersionUid, SC_SERIALIZABLE, 0);
        out.writeByte(TC_ENDBLOCKDATA);
    }

    private static void throwableClass(ByteBuf out) {
        classHeader(out, "java.lang.Throwable", -3042686055658047285L, SC_SERIALIZABLE | SC_WRITE_METHOD, 4);
        field(out, 'L', "cause", "Ljava/lang/Throwable;");
        field(out, 'L', "detailMessage", "Ljava/lang/String;");
        field(out, '[', "stackTrace", "[Ljava/lang/StackTraceElement;");
        field(out, 'L', "suppressedExceptions", "Ljava/util/List;");
        out.writeByte(TC_ENDBLOCKDATA);
        out.writeByte(TC_NULL); // no superclass that is serializable
    }

    private static void classHeader(ByteBuf out, String name, long serialVersionUid, int flags, int fields) {
        out.writeByte(TC_CLASSDESC);
        ascii(out, name);
        out.writeLong(serialVersionUid);
        out.writeByte(flags);
        out.writeShort(fields);
    }

    private static void field(ByteBuf out, char kind, String name, String type) {
        out.writeByte(kind);
        ascii(out, name);
        out.writeByte(TC_STRING);
        ascii(out, type);
    }

    private static void ascii(ByteBuf out, String text) {
        out.writeShort(text.length());
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }
}
