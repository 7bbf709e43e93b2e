package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.junit.jupiter.api.Test;

class WatchedSerializerTest {

    private final List<Long> seen = new ArrayList<>();

    @Test
    void shouldTellTheBytesWrittenBeforeEachElement_andWriteTheSame() throws Exception {
        WatchedSerializer<Long> watched = new WatchedSerializer<>(LongSerializer.INSTANCE, seen::add);
        DataOutputSerializer out = new DataOutputSerializer(16);
        DataOutputViewStreamWrapper stream = new DataOutputViewStreamWrapper(new ByteArrayOutputStream());

        watched.serialize(7L, out);
        watched.serialize(8L, out);
        watched.duplicate().serialize(9L, stream);
        watched.serialize(10L, stream);

        assertThat(seen).containsExactly(0L, 8L, 0L, 8L);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(watched.deserialize(in)).isEqualTo(7);
        assertThat(watched.deserialize(in)).isEqualTo(8);
    }

    @Test
    void shouldStop_whenTheWatcherThrows() {
        QueryableStateException stop = new QueryableStateException(ErrorCode.FRAME_TOO_LARGE, "enough");
        WatchedSerializer<String> watched = new WatchedSerializer<>(StringSerializer.INSTANCE, bytes -> {
            throw stop;
        });
        DataOutputSerializer out = new DataOutputSerializer(16);

        assertThatThrownBy(() -> watched.serialize("a", out)).isSameAs(stop);
        assertThat(out.length()).isZero();
    }
}
