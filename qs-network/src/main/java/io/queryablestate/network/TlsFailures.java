package io.queryablestate.network;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with TLS, in a few words for people. */
final class TlsFailures {

    private static final String ALERT = "Received fatal alert: ";

    private TlsFailures() {}

    /** The TLS error that an exception is or brings, or null if it has nothing to do with TLS. */
    static @Nullable SSLException of(Throwable thrown) {
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof SSLException tls ? tls : null;
    }

    /** Whether the peer sent something that is no TLS. */
    static boolean isPlaintext(Throwable failure) {
        return failure instanceof NotSslRecordException;
    }

    /** Whether the handshake ended because the connection did, so that TLS may be none of the reasons. */
    static boolean isClosed(Throwable failure) {
        return failure instanceof ClosedChannelException
                || failure.getCause() instanceof ClosedChannelException
                || String.valueOf(failure.getMessage()).startsWith("Connection closed while");
    }

    /** Why a handshake failed. */
    static String describe(Throwable failure) {
        if (isPlaintext(failure)) {
            return "the peer does not speak TLS";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String certificate = describeCertificate(cause);
            if (certificate != null) {
                return certificate;
            }
        }
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith(ALERT)) {
            return "the peer refused: " + message.substring(ALERT.length()).replace('_', ' ');
        }
        if (message.toLowerCase(Locale.ROOT).contains("empty client certificate chain")) {
            return "the peer has shown no certificate";
        }
        return message;
    }

    private static @Nullable String describeCertificate(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return "the peer's certificate has expired";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "the peer's certificate is not valid yet";
        }
        if (cause instanceof CertPathBuilderException) {
            return "the peer's certificate is not from a trusted authority";
        }
        // A certificate that is sound but of another host has no exception of its own; it is the innermost one then.
        return cause instanceof CertificateException && cause.getCause() == null
                ? "the peer's certificate is not accepted: " + cause.getMessage()
                : null;
    }
}
