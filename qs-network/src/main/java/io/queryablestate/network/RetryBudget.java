package io.queryablestate.network;

/**
 * Bounds the load that retries add: each request pays in a fifth of a retry, and ten retries a second are free. Without
 * credit a failure is final. The ratio and the floor are those of Linkerd's and Finagle's retry budgets.
 *
 * <p>Belongs to one thread.
 */
public final class RetryBudget {

    private static final double PER_REQUEST = 0.2;
    private static final double PER_SECOND = 10;
    private static final double MAX_CREDIT = 1000;
    private static final double NANOS_PER_SECOND = 1e9;

    private double credit = PER_SECOND;
    private long refilledNanos;

    /** A budget with the free retries of one second. */
    public RetryBudget(long nowNanos) {
        this.refilledNanos = nowNanos;
    }

    /** So many requests have been made that are no retries. */
    public void requested(int requests) {
        credit = Math.min(credit + requests * PER_REQUEST, MAX_CREDIT);
    }

    /** Takes one retry out of the budget, if there is one. */
    public boolean tryRetry(long nowNanos) {
        double free = (nowNanos - refilledNanos) / NANOS_PER_SECOND * PER_SECOND;
        refilledNanos = nowNanos;
        credit = Math.min(credit + Math.min(free, PER_SECOND), MAX_CREDIT);
        if (credit < 1) {
            return false;
        }
        credit--;
        return true;
    }
}
