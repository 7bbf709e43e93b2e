package io.queryablestate.flink;

import java.util.List;

/** The layouts of Flink's serializers that mark what follows. */
final class ObjectLayouts {

    /** The marks of a POJO; there are two more, for a class named by the bytes and for one that is registered. */
    private static final byte NULL = 1;

    private static final byte NO_SUBCLASS = 2;

    private ObjectLayouts() {}

    /** A mark, and after it for each field whether it is null, and the field. */
    static KeyLayout pojo(List<KeyLayout> fields) {
        KeyLayout nullableFields = KeyLayout.sequence(
                fields.stream().map(field -> KeyLayout.optional(false, field)).toList());
        return bytes -> {
            byte mark = bytes.get();
            if (mark == NO_SUBCLASS) {
                nullableFields.skip(bytes);
            } else if (mark != NULL) {
                throw new MalformedKeyException("a POJO in a key must be of the very class that the state has");
            }
        };
    }

    /** A bit for each field, set if the field is null, after two bits for the row's kind; then the fields. */
    static KeyLayout row(boolean hasKind, List<KeyLayout> fields) {
        int firstBit = hasKind ? 2 : 0;
        int maskBytes = (firstBit + fields.size() + Byte.SIZE - 1) / Byte.SIZE;
        return bytes -> {
            int mask = bytes.position();
            KeyLayout.skip(bytes, maskBytes);
            for (int i = 0; i < fields.size(); i++) {
                int bit = firstBit + i;
                boolean isNull = (bytes.get(mask + bit / Byte.SIZE) & (0x80 >> (bit % Byte.SIZE))) != 0;
                if (!isNull) {
                    fields.get(i).skip(bytes);
                }
            }
        };
    }

    /** A boolean that says which of the two follows. */
    static KeyLayout either(KeyLayout ifTrue, KeyLayout ifFalse) {
        return bytes -> {
            if (KeyLayout.readBoolean(bytes)) {
                ifTrue.skip(bytes);
            } else {
                ifFalse.skip(bytes);
            }
        };
    }
}
