package io.queryablestate.gates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What is deserialized in this process, by the virtual machine's own account, from the making of this on. */
final class Deserializations implements AutoCloseable {

    private static final String CONTROL = "control-deserialization";

    private final Recording recording = new Recording();

    Deserializations() {
        recording.enable("jdk.Deserialization");
        recording.start();
    }

    /**
     * Ends the recording.
     *
     * @return what was deserialized and by which thread
     * @throws IllegalStateException if the recording would not have shown it
     */
    List<String> end() throws IOException, InterruptedException {
        control();
        Path file = Files.createTempFile("deserializations", ".jfr");
        try {
            recording.stop();
            recording.dump(file);
            return seen(RecordingFile.readAllEvents(file));
        } finally {
            Files.delete(file);
        }
    }

    private static List<String> seen(List<RecordedEvent> events) {
        List<String> others = new ArrayList<>();
        boolean control = false;
        for (RecordedEvent event : events) {
            String thread = event.getThread() == null ? "?" : event.getThread().getJavaName();
            if (CONTROL.equals(thread)) {
                control = true;
            } else {
                var type = event.getClass("type");
                others.add(thread + " deserialized " + (type == null ? "something" : type.getName()));
            }
        }
        if (!control) {
            throw new IllegalStateException("the recording does not show what was deserialized on purpose");
        }
        return others;
    }

    /** Deserializes something, so that an empty recording means something. */
    private static void control() throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    try {
                        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                            out.writeObject(LocalDate.EPOCH);
                        }
                        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
                    } catch (IOException | ClassNotFoundException e) {
                        throw new IllegalStateException(e);
                    }
                },
                CONTROL);
        thread.start();
        thread.join();
    }

    @Override
    public void close() {
        recording.close();
    }
}
