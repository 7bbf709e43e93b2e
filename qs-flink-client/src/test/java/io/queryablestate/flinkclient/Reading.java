package io.queryablestate.flinkclient;

import java.util.Objects;

/** A POJO in Flink's sense, with a hash of its content, so that it can be a key as well. */
public final class Reading {

    public String sensor = "";
    public double value;

    public Reading() {}

    static Reading of(String sensor, double value) {
        Reading reading = new Reading();
        reading.sensor = sensor;
        reading.value = value;
        return reading;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Reading reading && sensor.equals(reading.sensor) && value == reading.value;
    }

    @Override
    public int hashCode() {
        return Objects.hash(sensor, value);
    }

    @Override
    public String toString() {
        return sensor + "=" + value;
    }
}
