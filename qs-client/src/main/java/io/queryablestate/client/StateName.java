package io.queryablestate.client;

import java.nio.charset.StandardCharsets;

/** Which state of a job is asked; keeps the name as the bytes that each request carries. */
final class StateName {

    private final String name;
    private final byte[] utf8;

    StateName(String name) {
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
    }

    byte[] utf8() {
        return utf8;
    }

    @Override
    public String toString() {
        return name;
    }
}
