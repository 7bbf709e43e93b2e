package io.queryablestate.client.serialization;

import static io.queryablestate.client.serialization.MismatchAssert.assertMismatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.common.typeutils.base.EnumSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerializersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "string",
                "bytes",
                "list<map<string,list<bigdecimal>>>",
                "tuple3<int,tuple2<long,byte>,instant>",
                "tuple4<short,float,double,boolean>",
                "tuple5<void,voidnamespace,timewindow,biginteger,bytes>"
            })
    void shouldFindTheSerializer_whenTheNameIsKnown(String typeName) {
        assertThat(Serializers.forTypeName(typeName).typeName()).isEqualTo(typeName);
    }

    @Test
    void shouldSkipSpaces_whenAroundNames() {
        assertThat(Serializers.forTypeName(" map < string , long > ").typeName())
                .isEqualTo("map<string,long>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "strng",
                "String",
                "list",
                "list<>",
                "list<long,long>",
                "map<long>",
                "tuple2<long>",
                "tuple6<int,int,int,int,int,int>",
                "tuple22<int,int>",
                "tuple<int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int>",
                "list<long",
                "list<long>>",
                "list<long> x",
                "<long>",
                "long,long"
            })
    void shouldListTheKnownNames_whenTheNameIsUnknown(String typeName) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Serializers.forTypeName(typeName))
                .withMessageContaining("known: bigdecimal, biginteger, boolean, byte, bytes,")
                .withMessageContaining("map<k,v>");
    }

    @Test
    void shouldParse_whenNestedAsDeepAsAllowed() {
        String deepest = "list<".repeat(16) + "int" + ">".repeat(16);
        assertThat(Serializers.forTypeName(deepest).typeName()).isEqualTo(deepest);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 100_000})
    void shouldRefuse_whenNestedTooDeep(int depth) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Serializers.forTypeName("list<".repeat(depth) + "int" + ">".repeat(depth)))
                .withMessageContaining("nested more than 16 deep");
    }

    @Test
    void shouldFindKeySerializers_whenTheTypeCanBeAKey() {
        KeySerializer<?> found = Serializers.keySerializerForTypeName("tuple2<string,list<long>>");
        assertThat(found.typeName()).isEqualTo("tuple2<string,list<long>>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "map<string,long>", "list<bytes>", "tuple2<string,bytes>", "void", "timewindow"})
    void shouldRefuse_whenTheTypeCannotBeAKey(String typeName) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Serializers.keySerializerForTypeName(typeName))
                .withMessageStartingWith(typeName + " can be a value but not a key");
    }

    @ParameterizedTest
    @CsvSource({
        "string,   8000,             'a string length of 0 in 2 bytes, it needs fewer'",
        "string,   ffffffff10,       'a string length is at most 2147483647, got 4563402751'",
        "string,   ffffffffff01,     'a string length takes at most 5 bytes, got more'",
        "string,   ffffffff07,       'a string of size 2147483646 needs 1 bytes each, 0 are left'",
        "string,   0461,             'a string of size 3 needs 1 bytes each, 1 are left'",
        "string,   02ffff04,         'a character is at most 65535, got 81919'",
        "string,   02ffffff01,       'a character takes at most 3 bytes, got more'",
        "string,   02e180,           '1 bytes expected, 0 are left'",
        "string,   026162,           '1 bytes are left behind it'",
        "boolean,  02,               'a boolean is 0 or 1, got 2'",
        "short,    00,               '2 bytes expected, 1 are left'",
        "biginteger, 00000004,       'the first word of a biginteger is 0 to 3 or above 4, got 4'",
        "biginteger, ffffffff,       'the first word of a biginteger is 0 to 3 or above 4, got -1'",
        "biginteger, 7fffffff01,     'a biginteger of size 2147483643 needs 1 bytes each, 1 are left'",
        "biginteger, 0000000600ff01, '1 bytes are left behind it'",
        "biginteger, 000000060001,   'a biginteger of 1 bytes in 2'",
        "bigdecimal, 0000000100,     '4 bytes expected, 1 are left'",
        "bytes,    7fffffff00,       'a byte array of size 2147483647 needs 1 bytes each, 1 are left'",
        "bytes,    ffffffff,         'a byte array of negative size -1'",
        "instant,  00000000000000003b9aca00, 'nanoseconds are 0 to 999999999, got 1000000000'",
        "instant,  7fffffffffffffff00000000, 'exceeds'",
        "list<void>, 00000002000001, '1 bytes are left behind it'",
        "list<void>, 7fffffff0000,   'a list of size 2147483647 needs 1 bytes each, 2 are left'",
        "list<void>, 80000000,       'a list of negative size -2147483648'",
        "'map<byte,byte>', 0000000205010101ff, '1 bytes are left behind it'",
        "'map<byte,byte>', 00000002050105,     'a map of size 2 needs 2 bytes each, 3 are left'",
        "'map<byte,byte>', 0000000205010501,   'entry 1 of a map has the key of an earlier one'",
        "void,     01,               'the byte of void is 0, got 1'",
        "voidnamespace, 01,          'the byte of a void namespace is 0, got 1'",
        "timewindow, 00,             '8 bytes expected, 1 are left'"
    })
    void shouldSayWhatDoesNotFit_whenBytesAreRefused(String typeName, String hex, String reason) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertMismatch(() -> Serializers.deserialize(Serializers.forTypeName(typeName), bytes))
                .startsWith(bytes.length + " bytes are not " + typeName + ": ")
                .containsIgnoringCase(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "boolean",
                "byte",
                "short",
                "int",
                "long",
                "float",
                "double",
                "bytes",
                "list<int>",
                "map<int,int>"
            })
    void shouldRefuseNull_whenFlinkHasNoBytesForIt(String typeName) {
        assertMismatch(() -> Serializers.serialize(Serializers.forTypeName(typeName), null))
                .contains(typeName + " has no bytes for null");
    }

    @Test
    void shouldRefuseTuple_whenAFieldIsNullThatCannotBe() {
        Serializer<Tuple2<String, Long>> tuples = Serializers.tuple2(Serializers.STRING, Serializers.LONG);
        assertMismatch(() -> Serializers.serialize(tuples, new Tuple2<>("a", null)))
                .contains("tuple2<string,long>", "long has no bytes for null");
    }

    @Test
    void shouldReadLongValues_whenTheInputDoesNotKnowItsLength() throws IOException {
        String text = "é".repeat(5000);
        byte[] blob = new byte[5000];
        blob[4999] = 1;
        assertThat(Serializers.STRING.deserialize(foreign(Serializers.serialize(Serializers.STRING, text))))
                .isEqualTo(text);
        assertThat(Serializers.BYTES.deserialize(foreign(Serializers.serialize(Serializers.BYTES, blob))))
                .isEqualTo(blob);
    }

    @Test
    void shouldHashTheFieldsByTheirSerializers_whenATupleHasACustomKey() {
        KeySerializer<String> caseless = Serializers.customKey(
                "caseless", (value, out) -> out.writeUTF(value), DataInput::readUTF, text -> text.toLowerCase(
                                Locale.ROOT)
                        .hashCode());
        int expected = new Tuple2<>("key", 1).hashCode();
        assertThat(Serializers.tuple2(caseless, Serializers.INT).keyHashCode(new Tuple2<>("KEY", 1)))
                .isEqualTo(expected);
        assertThat(Serializers.list(caseless).keyHashCode(List.of("KEY")))
                .isEqualTo(List.of("key").hashCode());
    }

    /** The example of {@link Serializer}; the ordinal is Flink's format. */
    @Test
    @SuppressWarnings("EnumOrdinal")
    void shouldReadAndWrite_whenMadeOfTwoFunctions() {
        Serializer<Thread.State> states = Serializers.custom(
                "threadstate",
                (value, out) -> out.writeInt(value.ordinal()),
                in -> Thread.State.values()[in.readInt()]);
        Serializer<List<Thread.State>> lists = Serializers.list(states);
        List<Thread.State> value = List.of(Thread.State.BLOCKED, Thread.State.NEW);
        assertThat(Serializers.deserialize(lists, Serializers.serialize(lists, value)))
                .isEqualTo(value);
        assertThat(lists.typeName()).isEqualTo("list<threadstate>");
        assertThat(Serializers.serialize(states, Thread.State.WAITING))
                .isEqualTo(FlinkBytes.write(new EnumSerializer<>(Thread.State.class), Thread.State.WAITING));
        assertMismatch(() -> Serializers.deserialize(states, new byte[] {0, 0, 0, 99}))
                .contains("threadstate", "99");
    }

    @Test
    void shouldReadAndWrite_whenMadeOfOtherSerializers() {
        EventSerializer events = new EventSerializer();
        byte[] bytes = Serializers.serialize(events, new Event("id", new byte[] {1}));
        Event read = Serializers.deserialize(events, bytes);
        assertThat(read).usingRecursiveComparison().isEqualTo(new Event("id", new byte[] {1}));
        assertMismatch(() -> Serializers.serialize(events, null)).contains("event");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "list<int>", "a,b"})
    void shouldRefuseTheName_whenItWouldNotBeOneName(String typeName) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Serializers.custom(typeName, (value, out) -> out.writeUTF(value), DataInput::readUTF));
    }

    @Test
    void shouldKeepNulls_whenElementsMayBeNull() {
        List<@Nullable String> values = new ArrayList<>(List.of("a"));
        values.add(null);
        Serializer<List<String>> lists = Serializers.list(Serializers.STRING);
        assertThat(Serializers.deserialize(lists, Serializers.serialize(lists, values)))
                .isEqualTo(values);
    }

    private static DataInput foreign(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Event(@Nullable String id, byte @Nullable [] payload) {}

    /** The example of {@link Serializer}. */
    private static final class EventSerializer implements Serializer<Event> {
        @Override
        public void serialize(@Nullable Event event, DataOutput out) throws IOException {
            if (event == null) {
                throw new IOException("an event is never null");
            }
            Serializers.STRING.serialize(event.id(), out);
            Serializers.BYTES.serialize(event.payload(), out);
        }

        @Override
        public Event deserialize(DataInput in) throws IOException {
            return new Event(Serializers.STRING.deserialize(in), Serializers.BYTES.deserialize(in));
        }

        @Override
        public String typeName() {
            return "event";
        }
    }
}
