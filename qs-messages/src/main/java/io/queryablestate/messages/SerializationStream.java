package io.queryablestate.messages;

/** Constants of the Java Object Serialization Stream Protocol, version 5, under the names that its grammar gives them. */
final class SerializationStream {

    static final int STREAM_MAGIC = 0xaced;
    static final int STREAM_VERSION = 5;

    static final int TC_NULL = 0x70;
    static final int TC_REFERENCE = 0x71;
    static final int TC_CLASSDESC = 0x72;
    static final int TC_OBJECT = 0x73;
    static final int TC_STRING = 0x74;
    static final int TC_ARRAY = 0x75;
    static final int TC_CLASS = 0x76;
    static final int TC_BLOCKDATA = 0x77;
    static final int TC_ENDBLOCKDATA = 0x78;
    static final int TC_BLOCKDATALONG = 0x7a;
    static final int TC_LONGSTRING = 0x7c;
    static final int TC_PROXYCLASSDESC = 0x7d;
    static final int TC_ENUM = 0x7e;

    static final int SC_WRITE_METHOD = 1;
    static final int SC_SERIALIZABLE = 1 << 1;
    static final int SC_EXTERNALIZABLE = 1 << 2;
    static final int SC_BLOCK_DATA = 1 << 3;

    /** The handle of the first object of a stream. */
    static final int BASE_HANDLE = 0x7e0000;

    private SerializationStream() {}
}
