package io.queryablestate.network;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Resolves host names with the resolver of the JDK, so that its settings and caching apply, on threads of its own, since
 * that blocks. Thread-safe.
 */
final class HostResolver {

    private static final int MAX_THREADS = 4;
    private static final int MAX_WAITING = 1024;

    private static final Executor THREADS = newThreads();

    private HostResolver() {}

    private static Executor newThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_THREADS,
                MAX_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory("qs-resolver", true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Resolves a name or an address literal; fails with {@link UnknownHostException} if there is no such host. */
    static CompletableFuture<InetAddress> resolve(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(literal);
        }
        CompletableFuture<InetAddress> resolved = new CompletableFuture<>();
        try {
            THREADS.execute(() -> {
                try {
                    resolved.complete(InetAddress.getByName(host));
                } catch (UnknownHostException | RuntimeException e) {
                    resolved.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            resolved.completeExceptionally(new UnknownHostException(host + ": too many names are being resolved"));
        }
        return resolved;
    }
}
