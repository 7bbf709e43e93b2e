package io.queryablestate.testsupport;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class after which Netty's leak detector has found a buffer that was collected without being released.
 *
 * <p>Registered through {@code META-INF/services}, so it watches every class of every module without being named. Leaks
 * only show once the garbage collector has run, so each class ends with that.
 */
public final class BufferLeakExtension implements BeforeAllCallback, AfterAllCallback {

    private static final long HAND_OVER_MILLIS = 1_000;

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
    }

    /** For the service loader. */
    public BufferLeakExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loading this class has installed the recording detector, before the test class allocates its first buffer.
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> found = findLeaks();
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " leaked buffers, the first one:\n" + found.get(0));
        }
    }

    /** What has leaked since this was asked last. */
    static List<String> findLeaks() {
        // A thread of the JVM hands over what was collected, one collection after the other: when it has come to
        // something
        // of the second one, it is done with the first.
        collectGarbage();
        collectGarbage();
        // The detector looks at it when the next tracked buffer is allocated.
        UnpooledByteBufAllocator.DEFAULT.buffer(1).release();
        List<String> found = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            found.add(leak);
        }
        return found;
    }

    /** Returns once something of this collection has been handed over, or after a second. */
    private static void collectGarbage() {
        ReferenceQueue<Object> handedOver = new ReferenceQueue<>();
        WeakReference<Object> collected = new WeakReference<>(new Object(), handedOver);
        try {
            System.gc();
            handedOver.remove(HAND_OVER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(collected);
        }
    }

    private static final class RecordingFactory extends ResourceLeakDetectorFactory {
        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester")
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new RecordingDetector<>(resource, samplingInterval);
        }
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
        RecordingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        /** Whatever the log takes: a detector that cannot log does not look. */
        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add(resourceType + records);
            super.reportTracedLeak(resourceType, records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add(resourceType);
            super.reportUntracedLeak(resourceType);
        }
    }
}
