package io.queryablestate.messages;

import static io.queryablestate.messages.SerializationStream.BASE_HANDLE;
import static io.queryablestate.messages.SerializationStream.SC_BLOCK_DATA;
import static io.queryablestate.messages.SerializationStream.SC_EXTERNALIZABLE;
import static io.queryablestate.messages.SerializationStream.SC_SERIALIZABLE;
import static io.queryablestate.messages.SerializationStream.SC_WRITE_METHOD;
import static io.queryablestate.messages.SerializationStream.STREAM_MAGIC;
import static io.queryablestate.messages.SerializationStream.STREAM_VERSION;
import static io.queryablestate.messages.SerializationStream.TC_ARRAY;
import static io.queryablestate.messages.SerializationStream.TC_BLOCKDATA;
import static io.queryablestate.messages.SerializationStream.TC_BLOCKDATALONG;
import static io.queryablestate.messages.SerializationStream.TC_CLASS;
import static io.queryablestate.messages.SerializationStream.TC_CLASSDESC;
import static io.queryablestate.messages.SerializationStream.TC_ENDBLOCKDATA;
import static io.queryablestate.messages.SerializationStream.TC_ENUM;
import static io.queryablestate.messages.SerializationStream.TC_LONGSTRING;
import static io.queryablestate.messages.SerializationStream.TC_NULL;
import static io.queryablestate.messages.SerializationStream.TC_OBJECT;
import static io.queryablestate.messages.SerializationStream.TC_PROXYCLASSDESC;
import static io.queryablestate.messages.SerializationStream.TC_REFERENCE;
import static io.queryablestate.messages.SerializationStream.TC_STRING;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds class name and message of a Java-serialized {@code Throwable} without deserializing it.
 *
 * <p>The class name stands at the start. The message is the second field of {@code Throwable}, the top class, whose data
 * come first; the first field is the cause. A cause that is another object is therefore walked through, with all that
 * hangs on it, by the grammar of the Java Object Serialization Stream Protocol: no class is loaded, no object of the
 * stream is created. What follows the message (stack trace, suppressed exceptions, fields of subclasses) is not looked
 * at.
 *
 * <p>Bounds: the first {@value #MAX_BYTES} bytes, {@value #MAX_HANDLES} objects, {@value #MAX_DEPTH} levels of nesting,
 * {@value #MAX_MESSAGE_BYTES} bytes of message. Where a bound or malformed bytes come before the message, the class name
 * stands alone. One thing the grammar does not tell: whether a class that writes its own data has written its fields
 * first. The JDK's classes do; a cause that holds an object of a class that does not may hide the message, or yield a
 * wrong text.
 */
final class ThrowableSkimmer {

    static final int MAX_BYTES = 64 * 1024;
    static final int MAX_HANDLES = 4096;
    static final int MAX_DEPTH = 64;
    static final int MAX_MESSAGE_BYTES = 32 * 1024;
    private static final int MIN_FIELD_BYTES = 3;
    private static final int MAX_CLASS_NAME_BYTES = 512;
    private static final String MESSAGE_FIELD = "detailMessage";

    private final SerializedBytes in;
    private int depth;
    /** What back references may name: a {@link SerializedClass}, the offset of a text, null for all other objects. */
    private final List<@Nullable Object> handles = new ArrayList<>();

    private ThrowableSkimmer(ByteBuf in, int offset, int end) {
        this.in = new SerializedBytes(in, offset, end - offset > MAX_BYTES ? offset + MAX_BYTES : end);
    }

    /** Reads from {@code offset}, at most to {@code end}; null if the bytes are not a serialized {@code Throwable}. */
    static @Nullable SkimmedThrowable skim(ByteBuf in, int offset, int end) {
        ThrowableSkimmer skimmer = new ThrowableSkimmer(in, offset, end);
        SerializedClass type;
        try {
            type = skimmer.readStart();
        } catch (QueryableStateException e) {
            return null;
        }
        if (type == null || !type.top().name().equals("java.lang.Throwable")) {
            return null;
        }
        try {
            return new SkimmedThrowable(type.name(), skimmer.readMessage(type.top()));
        } catch (QueryableStateException e) {
            return new SkimmedThrowable(type.name(), null);
        }
    }

    private @Nullable SerializedClass readStart() {
        if (in.unsignedShort() != STREAM_MAGIC
                || in.unsignedShort() != STREAM_VERSION
                || in.unsignedByte() != TC_OBJECT) {
            return null;
        }
        SerializedClass type = readClass();
        newHandle(null);
        return type;
    }

    private @Nullable String readMessage(SerializedClass throwable) {
        for (int field = 0; field < throwable.fieldKinds().length; field++) {
            if (field == throwable.messageField()) {
                return readText();
            }
            skipValue(throwable.fieldKinds()[field]);
        }
        return null;
    }

    private @Nullable String readText() {
        int tag = in.unsignedByte();
        if (tag == TC_NULL) {
            return null;
        }
        if (tag == TC_REFERENCE) {
            if (!(handle() instanceof Integer text)) {
                throw malformed("a message that is no text");
            }
            in.position(text);
            tag = in.unsignedByte();
        }
        return in.text(textLength(tag), MAX_MESSAGE_BYTES);
    }

    private long textLength(int tag) {
        return switch (tag) {
            case TC_STRING -> in.unsignedShort();
            case TC_LONGSTRING -> longLength();
            default -> throw malformed("tag " + tag + " where a text should be");
        };
    }

    private long longLength() {
        long length = in.longValue();
        if (length < 0) {
            throw malformed("a text of " + length + " bytes");
        }
        return length;
    }

    private @Nullable SerializedClass readClass() {
        int tag = in.unsignedByte();
        return switch (tag) {
            case TC_NULL -> null;
            case TC_REFERENCE -> {
                if (!(handle() instanceof SerializedClass type)) {
                    throw malformed("a class that is none");
                }
                yield type;
            }
            case TC_CLASSDESC -> readPlainClass();
            case TC_PROXYCLASSDESC -> readProxyClass();
            default -> throw malformed("tag " + tag + " where a class should be");
        };
    }

    private SerializedClass readPlainClass() {
        enter();
        String name = in.name(MAX_CLASS_NAME_BYTES);
        in.skip(Long.BYTES);
        int handle = newHandle(null);
        int flags = in.unsignedByte();
        int fields = in.unsignedShort();
        if (MIN_FIELD_BYTES * fields > in.remaining()) {
            throw malformed(fields + " fields of a class");
        }
        byte[] kinds = new byte[fields];
        int messageField = -1;
        for (int field = 0; field < fields; field++) {
            kinds[field] = (byte) in.unsignedByte();
            if (in.nameIs(MESSAGE_FIELD)) {
                messageField = field;
            }
            if (isReference(kinds[field])) {
                skipContent();
            }
        }
        skipAnnotation();
        return define(handle, new SerializedClass(name, flags, kinds, messageField, readClass()));
    }

    private SerializedClass readProxyClass() {
        enter();
        int handle = newHandle(null);
        int interfaces = in.intValue();
        for (int i = 0; i < interfaces; i++) {
            in.skip(in.unsignedShort());
        }
        skipAnnotation();
        return define(handle, new SerializedClass("a proxy", SC_SERIALIZABLE, new byte[0], -1, readClass()));
    }

    private SerializedClass define(int handle, SerializedClass type) {
        if (type.levels() > MAX_DEPTH) {
            throw malformed("more than " + MAX_DEPTH + " superclasses");
        }
        handles.set(handle, type);
        depth--;
        return type;
    }

    private SerializedClass readPresentClass() {
        SerializedClass type = readClass();
        if (type == null) {
            throw malformed("an object without a class");
        }
        return type;
    }

    private void skipContent() {
        enter();
        int start = in.position();
        int tag = in.unsignedByte();
        switch (tag) {
            case TC_NULL -> {}
            case TC_REFERENCE -> in.skip(Integer.BYTES);
            case TC_STRING, TC_LONGSTRING -> {
                newHandle(start);
                in.skip(textLength(tag));
            }
            case TC_OBJECT -> {
                SerializedClass type = readPresentClass();
                newHandle(null);
                skipData(type);
            }
            case TC_ARRAY -> skipArray();
            case TC_ENUM -> {
                readPresentClass();
                newHandle(null);
                skipContent();
            }
            case TC_CLASS -> {
                readPresentClass();
                newHandle(null);
            }
            case TC_CLASSDESC, TC_PROXYCLASSDESC -> {
                in.position(start);
                readClass();
            }
            default -> throw malformed("tag " + tag);
        }
        depth--;
    }

    private void skipArray() {
        SerializedClass type = readPresentClass();
        newHandle(null);
        int size = in.intValue();
        if (size < 0 || type.name().length() < 2) {
            throw malformed("an array of " + size);
        }
        byte kind = (byte) type.name().charAt(1);
        if (isReference(kind)) {
            for (int i = 0; i < size; i++) {
                skipContent();
            }
        } else {
            in.skip((long) size * width(kind));
        }
    }

    private void skipData(SerializedClass type) {
        if (type.parent() != null) {
            skipData(type.parent());
        }
        if ((type.flags() & SC_EXTERNALIZABLE) != 0) {
            if ((type.flags() & SC_BLOCK_DATA) == 0) {
                throw malformed("external data of unknown length");
            }
            skipAnnotation();
        } else if ((type.flags() & SC_SERIALIZABLE) != 0) {
            for (byte kind : type.fieldKinds()) {
                skipValue(kind);
            }
            if ((type.flags() & SC_WRITE_METHOD) != 0) {
                skipAnnotation();
            }
        }
    }

    private void skipValue(byte kind) {
        if (isReference(kind)) {
            skipContent();
        } else {
            in.skip(width(kind));
        }
    }

    /** What a class has written on its own: blocks of bytes and objects, up to an end mark. */
    private void skipAnnotation() {
        while (true) {
            int start = in.position();
            switch (in.unsignedByte()) {
                case TC_ENDBLOCKDATA -> {
                    return;
                }
                case TC_BLOCKDATA -> in.skip(in.unsignedByte());
                case TC_BLOCKDATALONG -> in.skip(in.intValue());
                default -> {
                    in.position(start);
                    skipContent();
                }
            }
        }
    }

    private static boolean isReference(byte kind) {
        return kind == 'L' || kind == '[';
    }

    private static int width(byte kind) {
        return switch (kind) {
            case 'B', 'Z' -> Byte.BYTES;
            case 'C', 'S' -> Short.BYTES;
            case 'F', 'I' -> Integer.BYTES;
            case 'D', 'J' -> Long.BYTES;
            default -> throw malformed("a field of kind " + kind);
        };
    }

    private int newHandle(@Nullable Object target) {
        if (handles.size() == MAX_HANDLES) {
            throw malformed("more than " + MAX_HANDLES + " objects");
        }
        handles.add(target);
        return handles.size() - 1;
    }

    private @Nullable Object handle() {
        int handle = in.intValue() - BASE_HANDLE;
        if (handle < 0 || handle >= handles.size()) {
            throw malformed("a reference to nothing");
        }
        return handles.get(handle);
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw malformed("more than " + MAX_DEPTH + " levels");
        }
    }

    private static QueryableStateException malformed(String what) {
        return Frames.badRequest("a serialized failure with " + what);
    }
}
