package io.queryablestate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An asker that remembers its answers. */
class RecordedRead implements PendingRead {

    private final byte[] key;
    private final long deadlineNanos;
    private final AtomicInteger answers = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile boolean abandoned;
    private volatile byte @Nullable [] value;
    private volatile @Nullable ErrorCode code;
    private volatile @Nullable String text;
    private volatile @Nullable Thread answeredOn;

    RecordedRead(byte[] key, long deadlineNanos) {
        this.key = key;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public byte[] keyAndNamespace() {
        return key;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public boolean mayRead(JobId job, String stateName) {
        return true;
    }

    void abandon() {
        abandoned = true;
    }

    @Override
    public void succeed(byte @Nullable [] value) {
        this.value = value;
        answered();
    }

    @Override
    public void fail(ErrorCode code, String text) {
        this.code = code;
        this.text = text;
        answered();
    }

    private void answered() {
        answeredOn = Thread.currentThread();
        answers.incrementAndGet();
        answered.countDown();
    }

    int answers() {
        return answers.get();
    }

    @Nullable
    ErrorCode code() {
        return code;
    }

    @Nullable
    String text() {
        return text;
    }

    @Nullable
    Thread answeredOn() {
        return answeredOn;
    }

    RecordedRead await() throws InterruptedException {
        assertThat(answered.await(10, TimeUnit.SECONDS)).as("answered").isTrue();
        return this;
    }

    void assertUnanswered() {
        assertThat(answers).hasValue(0);
    }

    void assertValue(byte @Nullable [] expected) {
        assertThat(answers).hasValue(1);
        assertThat(code).isNull();
        assertThat(value).isEqualTo(expected);
    }

    void assertFailed(ErrorCode expected) {
        assertThat(answers).hasValue(1);
        assertThat(code).isEqualTo(expected);
    }
}
