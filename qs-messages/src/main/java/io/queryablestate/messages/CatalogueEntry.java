package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * One KvState that a task manager knows. On the wire: {@code int64 job lower, int64 job upper, text job name, text state
 * name, uint8 kind, text key type, text value type, int32 number of key groups, int32 first key group, int32 last key
 * group}.
 *
 * @param jobId the job
 * @param jobName the job's name; empty where the task manager does not know it
 * @param stateName the name under which the state is queryable
 * @param kind the kind of state
 * @param keyType name of the key's serializer or type
 * @param valueType name of the value's serializer or type
 * @param maxParallelism the number of key groups of the operator
 * @param keyGroups the key groups that this KvState holds
 */
public record CatalogueEntry(
        JobId jobId,
        String jobName,
        String stateName,
        StateKind kind,
        String keyType,
        String valueType,
        int maxParallelism,
        KeyGroupRange keyGroups) {

    private static final int MAX_NAME_BYTES = 1024;
    private static final int MIN_BYTES = 37;

    /** Writes a frame: {@code int32 count}, then the entries. */
    public static void encodeAll(List<CatalogueEntry> entries, ByteBuf out, long requestId) {
        BodyWriter.write(out, MessageType.CATALOGUE, requestId, body -> {
            body.writeInt(entries.size());
            for (CatalogueEntry entry : entries) {
                entry.encode(body);
            }
        });
    }

    /** Reads the body, all of {@code body}. */
    public static List<CatalogueEntry> decodeAll(ByteBuf body) {
        Frames.checkPresent("a catalogue", Integer.BYTES, body.readerIndex(), body.writerIndex());
        int count = body.readInt();
        if (count < 0 || count > body.readableBytes() / MIN_BYTES) {
            throw Frames.badRequest(count + " catalogue entries in " + body.readableBytes() + " bytes");
        }
        List<CatalogueEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(decode(body));
        }
        Frames.checkAllRead("a catalogue", body);
        return List.copyOf(entries);
    }

    private void encode(ByteBuf body) {
        body.writeLong(jobId.lower());
        body.writeLong(jobId.upper());
        WireText.write(body, "a job name", jobName, MAX_NAME_BYTES);
        WireText.write(body, "a state name", stateName, Frames.MAX_STATE_NAME_BYTES);
        body.writeByte(kind.number());
        WireText.write(body, "a key type", keyType, MAX_NAME_BYTES);
        WireText.write(body, "a value type", valueType, MAX_NAME_BYTES);
        body.writeInt(maxParallelism);
        body.writeInt(keyGroups.start());
        body.writeInt(keyGroups.end());
    }

    private static CatalogueEntry decode(ByteBuf body) {
        Frames.checkPresent("a catalogue entry", MIN_BYTES, body.readerIndex(), body.writerIndex());
        long lower = body.readLong();
        long upper = body.readLong();
        String jobName = WireText.read(body, "a job name", MAX_NAME_BYTES);
        String stateName = WireText.read(body, "a state name", Frames.MAX_STATE_NAME_BYTES);
        Frames.checkPresent("a state kind", 1, body.readerIndex(), body.writerIndex());
        StateKind kind = StateKind.ofNumber(body.readUnsignedByte());
        String keyType = WireText.read(body, "a key type", MAX_NAME_BYTES);
        String valueType = WireText.read(body, "a value type", MAX_NAME_BYTES);
        Frames.checkPresent("key groups", 3 * Integer.BYTES, body.readerIndex(), body.writerIndex());
        try {
            int maxParallelism = body.readInt();
            KeyGroups.checkMaxParallelism(maxParallelism);
            KeyGroupRange keyGroups = new KeyGroupRange(body.readInt(), body.readInt());
            return new CatalogueEntry(
                    new JobId(upper, lower), jobName, stateName, kind, keyType, valueType, maxParallelism, keyGroups);
        } catch (IllegalArgumentException e) {
            throw Frames.badRequest("not a catalogue entry: " + e.getMessage());
        }
    }
}
