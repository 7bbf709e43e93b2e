package io.queryablestate.flinkclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client beside Flink's: a program that compiles with one compiles with the other. */
class MigrationTest {

    @SuppressWarnings("deprecation") // Together with the feature.
    private static final Class<?> FLINKS = org.apache.flink.queryablestate.client.QueryableStateClient.class;

    static Stream<Method> methods() {
        return Stream.of(FLINKS.getDeclaredMethods()).filter(method -> Modifier.isPublic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void shouldHaveTheMethod_whenFlinksClientHasIt(Method flinks) throws Exception {
        Method ours = QueryableStateClient.class.getMethod(flinks.getName(), flinks.getParameterTypes());

        assertThat(ours.getReturnType()).isEqualTo(flinks.getReturnType());
        assertThat(ours.getGenericParameterTypes())
                .extracting(Object::toString)
                .containsExactly(Stream.of(flinks.getGenericParameterTypes())
                        .map(Object::toString)
                        .toArray(String[]::new));
        assertThat(ours.getGenericReturnType())
                .hasToString(flinks.getGenericReturnType().toString());
        assertThat(ours.getExceptionTypes()).isEqualTo(flinks.getExceptionTypes());
    }

    @Test
    void shouldHaveTheConstructors_whenFlinksClientHasThem() throws Exception {
        assertThat(FLINKS.getConstructors()).hasSize(2);
        for (Constructor<?> flinks : FLINKS.getConstructors()) {
            Constructor<?> ours = QueryableStateClient.class.getConstructor(flinks.getParameterTypes());

            // A program that catches what is never thrown would not compile.
            assertThat(ours.getExceptionTypes()).isEqualTo(flinks.getExceptionTypes());
        }
    }
}
