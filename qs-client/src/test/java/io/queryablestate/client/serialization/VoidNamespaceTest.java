package io.queryablestate.client.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** There is one void namespace, and its type can be named, compared and found again. */
class VoidNamespaceTest {

    @Test
    void shouldBeTheOneInstance_whenRead() {
        byte[] bytes = Serializers.serialize(Serializers.VOID_NAMESPACE, VoidNamespace.INSTANCE);
        assertThat(bytes).containsExactly(0);
        assertThat(Serializers.deserialize(Serializers.VOID_NAMESPACE, bytes)).isSameAs(VoidNamespace.INSTANCE);
    }

    @Test
    void shouldBeTheSameSerializer_whenFoundByName() {
        assertThat(Serializers.VOID_NAMESPACE.typeName()).isEqualTo("voidnamespace");
        assertThat(Serializers.forTypeName("voidnamespace")).isSameAs(Serializers.VOID_NAMESPACE);
        assertThat(Serializers.VOID_NAMESPACE)
                .isNotEqualTo(Serializers.VOID)
                .hasSameHashCodeAs(Serializers.forTypeName("voidnamespace"));
        assertThat(Serializers.VOID_NAMESPACE.toString()).contains("voidnamespace");
    }
}
