package io.queryablestate.messages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The published queryable state classes of one Flink version, in a class loader that sees nothing but them and the JDK. */
final class FlinkClasses {

    private static final String PACKAGE = "org.apache.flink.queryablestate.";
    private static final String NETTY = "org.apache.flink.shaded.netty4.io.netty.buffer.";
    private static final Map<String, FlinkClasses> LOADED = new ConcurrentHashMap<>();

    private final String version;
    private final ClassLoader loader;

    private FlinkClasses(String version) {
        this.version = version;
        try (Stream<Path> jars = Files.list(Path.of("target", "flink-" + version))) {
            URL[] urls = jars.map(FlinkClasses::url).toArray(URL[]::new);
            this.loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One for each version that the build names, for {@code @MethodSource}. */
    static List<FlinkClasses> all() {
        return Arrays.stream(System.getProperty("flink.versions", "").split(","))
                .map(version -> LOADED.computeIfAbsent(version, FlinkClasses::new))
                .toList();
    }

    Class<?> type(String name) {
        try {
            return Class.forName(name.startsWith("org.") ? name : PACKAGE + name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    Object create(String type, Object... arguments) {
        try {
            return Arrays.stream(type(type).getConstructors())
                    .filter(constructor -> accepts(constructor.getParameterTypes(), arguments))
                    .findFirst()
                    .orElseThrow()
                    .newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " of Flink " + version, e);
        }
    }

    Throwable exception(String name, Object... arguments) {
        return (Throwable) create("exceptions." + name, arguments);
    }

    Object jobId(JobId id) {
        return create("org.apache.flink.api.common.JobID", id.lower(), id.upper());
    }

    Object kvStateId(KvStateId id) {
        return create("KvStateID", id.lower(), id.upper());
    }

    /** Writes a frame with one of the static methods of Flink's {@code MessageSerializer}. */
    byte[] write(String method, Object... arguments) {
        Object allocator = create(NETTY + "UnpooledByteBufAllocator", false);
        Object[] all =
                Stream.concat(Stream.of(allocator), Arrays.stream(arguments)).toArray();
        return bytes(call(type("network.messages.MessageSerializer"), null, method, all));
    }

    /** Reads what follows the header of a frame with one of the static methods of {@code MessageSerializer}. */
    Object read(String method, byte[] frame) {
        return call(type("network.messages.MessageSerializer"), null, method, afterHeader(frame));
    }

    /** Reads the request or response of a frame: everything after header and request id. */
    Object readBody(String requestType, String method, byte[] frame) {
        Object serializer = create(
                "network.messages.MessageSerializer",
                create(requestType + "$" + requestType.substring(requestType.lastIndexOf('.') + 1) + "Deserializer"),
                create("messages.KvStateResponse$KvStateResponseDeserializer"));
        Object buffer = afterHeader(frame);
        call(type("network.messages.MessageSerializer"), null, "getRequestId", buffer);
        return call(serializer.getClass(), serializer, method, buffer);
    }

    Object get(Object target, String getter) {
        return call(target.getClass(), target, getter);
    }

    private Object afterHeader(byte[] frame) {
        byte[] afterLength = Arrays.copyOfRange(frame, Integer.BYTES, frame.length);
        Object buffer = call(type(NETTY + "Unpooled"), null, "wrappedBuffer", (Object) afterLength);
        call(type("network.messages.MessageSerializer"), null, "deserializeHeader", buffer);
        return buffer;
    }

    private byte[] bytes(Object buffer) {
        byte[] bytes = (byte[]) call(type(NETTY + "ByteBufUtil"), null, "getBytes", buffer);
        call(type("org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil"), null, "release", buffer);
        return bytes;
    }

    private Object call(Class<?> type, @Nullable Object target, String name, Object... arguments) {
        try {
            Method method = Arrays.stream(type.getMethods())
                    .filter(candidate -> candidate.getName().equals(name))
                    .filter(candidate -> accepts(candidate.getParameterTypes(), arguments))
                    .findFirst()
                    .orElseThrow();
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError("Flink " + version + " refuses", e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean accepts(Class<?>[] parameters, Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            Class<?> boxed = MethodType.methodType(parameters[i]).wrap().returnType();
            if (!boxed.isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "Flink " + version;
    }
}
