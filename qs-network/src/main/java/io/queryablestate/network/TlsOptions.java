package io.queryablestate.network;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.queryablestate.messages.ServerAddress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a server or a client needs for TLS 1.2 and 1.3: its own key and certificate, and whom it trusts. One object can
 * serve both ends, as for a proxy, which is a server to its clients and a client to state servers. Immutable and
 * thread-safe. The files are read once, when the options are built: new certificates need new options.
 */
public final class TlsOptions {

    private static final long HANDSHAKE_SECONDS = 5;
    private static final long CLOSE_NOTIFY_SECONDS = 1;

    private final @Nullable SslContext server;
    private final SslContext client;
    private final boolean clientCertificates;

    private TlsOptions(@Nullable SslContext server, SslContext client, boolean clientCertificates) {
        this.server = server;
        this.client = client;
        this.clientCertificates = clientCertificates;
    }

    /** Starts with no key, with the certificate authorities of the Java installation, and with host names checked. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether a server asks its peers for a certificate and takes nobody without. */
    public boolean clientCertificates() {
        return clientCertificates;
    }

    /** Whether there is a key, without which no server can use these options. */
    boolean canServe() {
        return server != null;
    }

    SslHandler newServerHandler(ByteBufAllocator allocator) {
        SslContext context = server;
        if (context == null) {
            throw new IllegalStateException("a server without a key");
        }
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        handler.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_SECONDS, TimeUnit.SECONDS);
        return handler;
    }

    SslHandler newClientHandler(ByteBufAllocator allocator, ServerAddress peer) {
        SslHandler handler = client.newHandler(allocator, peer.host(), peer.port());
        // The whole attempt to connect has one deadline, which is not this handler's.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_SECONDS, TimeUnit.SECONDS);
        return handler;
    }

    /** Collects options; used by one thread. */
    public static final class Builder {
        private @Nullable Material key;
        private @Nullable Material trust;
        private boolean clientCertificates;
        private boolean hostnameVerification = true;

        private Builder() {}

        /**
         * Own certificate and key, in PEM files; needed by servers, and by clients of servers that ask for it. Default
         * none.
         *
         * @param chain the certificate, followed by those of its issuers
         * @param privateKey its key, PKCS#8
         * @param password of the key; null if it is not encrypted
         */
        public Builder certificate(Path chain, Path privateKey, @Nullable String password) {
            this.key = context -> context.keyManager(chain.toFile(), privateKey.toFile(), password);
            return this;
        }

        /** Own certificate and key from a Java key store, PKCS#12 or JKS; otherwise as {@link #certificate}. */
        public Builder keyStore(Path file, String storePassword, String keyPassword) {
            this.key = context -> context.keyManager(keysOf(file.toFile(), storePassword, keyPassword));
            return this;
        }

        /** Whom to trust: a PEM file of certificate authorities. Default: those of the Java installation. */
        public Builder trustedCertificates(Path bundle) {
            this.trust = context -> context.trustManager(bundle.toFile());
            return this;
        }

        /** Whom to trust, from a Java trust store, PKCS#12 or JKS; otherwise as {@link #trustedCertificates}. */
        public Builder trustStore(Path file, String password) {
            this.trust = context -> context.trustManager(trustOf(file.toFile(), password));
            return this;
        }

        /**
         * Whether a server takes only peers that have a certificate from a trusted authority, which must then be given.
         * The peer's identity is the certificate's subject. Default false.
         */
        public Builder clientCertificates(boolean required) {
            this.clientCertificates = required;
            return this;
        }

        /**
         * Whether a client checks that the server's certificate is for the host it connects to. Default true. Without it
         * everyone who has any certificate of a trusted authority can pass for every server.
         */
        public Builder hostnameVerification(boolean enabled) {
            this.hostnameVerification = enabled;
            return this;
        }

        /**
         * Reads the files.
         *
         * @throws IllegalArgumentException if one of them cannot be read or is not what it should be, or if client
         *     certificates are required and it is not said whom to trust, or there is no key
         */
        public TlsOptions build() {
            if (clientCertificates && (trust == null || key == null)) {
                throw new IllegalArgumentException(
                        "a server that requires client certificates needs a key and trusted certificates");
            }
            try {
                SslContextBuilder client = with(trust, with(key, SslContextBuilder.forClient()));
                client.endpointIdentificationAlgorithm(hostnameVerification ? "HTTPS" : null);
                return new TlsOptions(key == null ? null : server(key), client.build(), clientCertificates);
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                throw new IllegalArgumentException("the files for TLS cannot be used: " + reason(e), e);
            }
        }

        private SslContext server(Material ownKey) throws IOException, GeneralSecurityException {
            // The factory method insists on a key; which one is said in the next line.
            SslContextBuilder context = SslContextBuilder.forServer(KeyManagerFactory.getInstance("PKIX"));
            return with(trust, with(ownKey, context))
                    .clientAuth(clientCertificates ? ClientAuth.REQUIRE : ClientAuth.NONE)
                    .build();
        }

        private static SslContextBuilder with(@Nullable Material material, SslContextBuilder context)
                throws IOException, GeneralSecurityException {
            if (material != null) {
                material.addTo(context);
            }
            return context.sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        }

        private static KeyManagerFactory keysOf(File file, String storePassword, String keyPassword)
                throws IOException, GeneralSecurityException {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(KeyStore.getInstance(file, storePassword.toCharArray()), keyPassword.toCharArray());
            return keys;
        }

        private static TrustManagerFactory trustOf(File file, String password)
                throws IOException, GeneralSecurityException {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(KeyStore.getInstance(file, password.toCharArray()));
            return trust;
        }

        /** The innermost cause, which names the file or says what is wrong with it. */
        private static String reason(Throwable error) {
            Throwable cause = error;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }

        /** Keys, or whom to trust, wherever they come from. */
        @FunctionalInterface
        private interface Material {
            void addTo(SslContextBuilder context) throws IOException, GeneralSecurityException;
        }
    }
}
