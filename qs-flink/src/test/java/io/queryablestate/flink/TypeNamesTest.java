package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.StateKind;
import java.time.Instant;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.junit.jupiter.api.Test;

class TypeNamesTest {

    @Test
    void shouldSayTheClientsNames_whenItHasASerializerOfTheSameBytes() {
        assertThat(nameOf(Types.STRING)).isEqualTo("string");
        assertThat(nameOf(Types.BIG_DEC)).isEqualTo("bigdecimal");
        assertThat(nameOf(TypeInformation.of(Instant.class))).isEqualTo("instant");
        assertThat(nameOf(Types.PRIMITIVE_ARRAY(Types.BYTE))).isEqualTo("bytes");
        assertThat(nameOf(Types.MAP(Types.STRING, Types.LIST(Types.LONG)))).isEqualTo("map<string,list<long>>");
        assertThat(nameOf(Types.TUPLE(Types.INT, Types.BOOLEAN))).isEqualTo("tuple2<int,boolean>");
    }

    @Test
    void shouldSayFlinksClass_whenTheClientHasNone() {
        assertThat(nameOf(Types.SQL_DATE)).isEqualTo("SqlDateSerializer");
        assertThat(nameOf(Types.MAP(Types.STRING, Types.SQL_DATE))).isEqualTo("map<string,SqlDateSerializer>");
    }

    @Test
    void shouldNameTheElement_whenTheStateIsAList() {
        ListStateDescriptor<Long> descriptor = new ListStateDescriptor<>("list", Types.LONG);
        descriptor.initializeSerializerUnlessSet(new ExecutionConfig());

        assertThat(TypeNames.ofValue(StateKind.LIST, descriptor.getSerializer()))
                .isEqualTo("long");
        assertThat(TypeNames.ofValue(StateKind.VALUE, descriptor.getSerializer()))
                .isEqualTo("list<long>");
    }

    private static String nameOf(TypeInformation<?> type) {
        TypeSerializer<?> serializer = type.createSerializer(new SerializerConfigImpl());
        return TypeNames.of(serializer);
    }
}
