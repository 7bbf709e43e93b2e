package io.queryablestate.tests;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.ServerAddress;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Flink's own {@code QueryableStateClient} of one version, in a class loader in which nothing else is. Knows the few types
 * that the tests need; everything is called by reflection.
 */
final class FlinkClient implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 10;

    private final URLClassLoader classes;
    private final Object client;

    FlinkClient(String flinkVersion, ServerAddress proxy) throws Exception {
        this.classes = new URLClassLoader(jars(flinkVersion), ClassLoader.getPlatformClassLoader());
        this.client = type("queryablestate.client.QueryableStateClient")
                .getConstructor(String.class, int.class)
                .newInstance(proxy.host(), proxy.port());
        Object config = type("api.common.ExecutionConfig").getConstructor().newInstance();
        method(client.getClass(), "setExecutionConfig", 1).invoke(client, config);
    }

    private static URL[] jars(String flinkVersion) throws MalformedURLException {
        File[] files = Path.of(System.getProperty("flink.directory"), "flink-" + flinkVersion)
                .toFile()
                .listFiles((directory, name) -> name.endsWith(".jar"));
        if (files == null || files.length == 0) {
            throw new IllegalStateException("no jars of Flink " + flinkVersion + "; run through Maven");
        }
        List<URL> urls = new ArrayList<>();
        for (File file : files) {
            urls.add(file.toURI().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** The value of a value state with string keys. */
    long value(JobId jobId, String stateName, String key) throws Exception {
        Object descriptor = newDescriptor("ValueStateDescriptor", "value", typeInfo("LONG_TYPE_INFO"));
        return (Long) call(ask(jobId, stateName, key, descriptor), "value");
    }

    List<Object> list(JobId jobId, String stateName, String key) throws Exception {
        Object descriptor = newDescriptor("ListStateDescriptor", "list", typeInfo("LONG_TYPE_INFO"));
        List<Object> elements = new ArrayList<>();
        ((Iterable<?>) call(ask(jobId, stateName, key, descriptor), "get")).forEach(elements::add);
        return elements;
    }

    Map<Object, Object> map(JobId jobId, String stateName, String key) throws Exception {
        Object descriptor =
                newDescriptor("MapStateDescriptor", "map", typeInfo("STRING_TYPE_INFO"), typeInfo("LONG_TYPE_INFO"));
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (Object entry : (Iterable<?>) call(ask(jobId, stateName, key, descriptor), "entries")) {
            Map.Entry<?, ?> pair = (Map.Entry<?, ?>) entry;
            entries.put(pair.getKey(), pair.getValue());
        }
        return entries;
    }

    long reducing(JobId jobId, String stateName, String key, BinaryOperator<Object> reduce) throws Exception {
        Object function =
                function("api.common.functions.ReduceFunction", arguments -> reduce.apply(arguments[0], arguments[1]));
        Object descriptor = newDescriptor("ReducingStateDescriptor", "reducing", function, typeInfo("LONG_TYPE_INFO"));
        return (Long) call(ask(jobId, stateName, key, descriptor), "get");
    }

    Object aggregating(JobId jobId, String stateName, String key, UnaryOperator<Object> getResult) throws Exception {
        Object function =
                function("api.common.functions.AggregateFunction", arguments -> getResult.apply(arguments[0]));
        Object descriptor =
                newDescriptor("AggregatingStateDescriptor", "aggregating", function, typeInfo("LONG_TYPE_INFO"));
        return call(ask(jobId, stateName, key, descriptor), "get");
    }

    /** What the client's future fails with for a value state. */
    Optional<Throwable> failure(JobId jobId, String stateName, String key) throws Exception {
        try {
            value(jobId, stateName, key);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause());
        }
    }

    private Object ask(JobId jobId, String stateName, String key, Object descriptor) throws Exception {
        Method getKvState = type("queryablestate.client.QueryableStateClient")
                .getMethod(
                        "getKvState",
                        type("api.common.JobID"),
                        String.class,
                        Object.class,
                        type("api.common.typeinfo.TypeInformation"),
                        type("api.common.state.StateDescriptor"));
        Object job = type("api.common.JobID")
                .getMethod("fromHexString", String.class)
                .invoke(null, jobId.toString());
        Future<?> answer =
                (Future<?>) getKvState.invoke(client, job, stateName, key, typeInfo("STRING_TYPE_INFO"), descriptor);
        return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static Object call(Object state, String method) throws Exception {
        Method called = method(state.getClass(), method, 0);
        called.setAccessible(true);
        try {
            return called.invoke(state);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(method + " failed", e.getCause());
        }
    }

    private Object newDescriptor(String className, Object... arguments) throws Exception {
        for (Constructor<?> constructor : type("api.common.state." + className).getConstructors()) {
            if (accepts(constructor.getParameterTypes(), arguments)) {
                return constructor.newInstance(arguments);
            }
        }
        throw new NoSuchMethodException(className);
    }

    private static boolean accepts(Class<?>[] parameters, Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < arguments.length; i++) {
            if (!parameters[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private Object function(String interfaceName, UnaryOperatorOnArguments body) throws ClassNotFoundException {
        Class<?> type = type(interfaceName);
        return Proxy.newProxyInstance(
                classes, new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> interfaceName;
                    default -> body.apply(arguments);
                });
    }

    private Object typeInfo(String field) throws Exception {
        return type("api.common.typeinfo.BasicTypeInfo").getField(field).get(null);
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("org.apache.flink." + name, true, classes);
    }

    private static Method method(Class<?> owner, String name, int parameters) throws NoSuchMethodException {
        for (Method method : owner.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == parameters) {
                return method;
            }
        }
        throw new NoSuchMethodException(owner + "." + name);
    }

    @Override
    public void close() throws IOException {
        try {
            Future<?> closed = (Future<?>)
                    method(client.getClass(), "shutdownAndHandle", 0).invoke(client);
            closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("Flink's client did not shut down", e);
        } finally {
            classes.close();
        }
    }

    @FunctionalInterface
    private interface UnaryOperatorOnArguments {
        Object apply(Object[] arguments);
    }
}
