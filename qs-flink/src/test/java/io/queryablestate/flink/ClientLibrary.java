package io.queryablestate.flink;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The client library beside the jar for Flink, as in a program that is not Flink. The two have classes of the same names,
 * those of the jar with a relocated Netty, so the library has a class loader that takes nothing from the class path but
 * logging and what a test says to it.
 */
final class ClientLibrary {

    private static final List<String> SHARED =
            List.of("org.slf4j.", StateReader.class.getName(), LookupException.class.getName());

    private ClientLibrary() {}

    /** A client of these proxies, with the library's defaults. */
    static StateReader connect(List<Integer> proxyPorts) throws Exception {
        List<URL> classPath = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("qs.client.library")))) {
            for (Path jar : jars.toList()) {
                classPath.add(jar.toUri().toURL());
            }
        }
        classPath.add(testClasses());
        ClassLoader library = new URLClassLoader(classPath.toArray(URL[]::new), new SharedClasses());
        return (StateReader) library.loadClass(ClientLibraryReader.class.getName())
                .getDeclaredConstructor(List.class)
                .newInstance(proxyPorts);
    }

    private static URL testClasses() throws MalformedURLException {
        return ClientLibrary.class.getProtectionDomain().getCodeSource().getLocation();
    }

    private static final class SharedClasses extends ClassLoader {

        SharedClasses() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.stream().anyMatch(name::startsWith)) {
                return ClientLibrary.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
