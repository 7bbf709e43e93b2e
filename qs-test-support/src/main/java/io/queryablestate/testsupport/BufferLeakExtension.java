package io.queryablestate.testsupport;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
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
 * only show once the garbage collector has run; each class therefore ends with a collection, and a leak that is noticed
 * late is charged to the class that was running then.
 */
public final class BufferLeakExtension implements BeforeAllCallback, AfterAllCallback {

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
        collectGarbage();
        List<String> found = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            found.add(leak);
        }
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " leaked buffers, the first one:\n" + found.get(0));
        }
    }

    private static void collectGarbage() {
        System.gc();
        // The detector reports what the collector has found when the next tracked buffer is allocated.
        UnpooledByteBufAllocator.DEFAULT.buffer(1).release();
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
