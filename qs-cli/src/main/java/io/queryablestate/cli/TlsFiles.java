package io.queryablestate.cli;

import io.queryablestate.network.TlsOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The PEM files for TLS; without any of them there is none. */
final class TlsFiles {

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Speak TLS and trust the certificate authorities of this PEM file.")
    private @Nullable Path authorities;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Speak TLS and show this certificate: a PEM file, its issuers after it. Needs --tls-key.")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The certificate's key, PEM, PKCS#8, not encrypted.")
    private @Nullable Path key;

    TlsFiles() {}

    /** For a client; null if it is to speak no TLS. */
    @Nullable
    TlsOptions client() {
        return options(false);
    }

    /**
     * For servers that also connect to each other; null if they are to speak no TLS.
     *
     * @param clientCertificates whether they serve only who has a certificate
     */
    @Nullable
    TlsOptions server(boolean clientCertificates) {
        if ((certificate == null) != (authorities == null) || (clientCertificates && certificate == null)) {
            throw new UsageException("a cluster with TLS needs --tls-ca, --tls-cert and --tls-key");
        }
        return options(clientCertificates);
    }

    private @Nullable TlsOptions options(boolean clientCertificates) {
        if ((certificate == null) != (key == null)) {
            throw new UsageException("--tls-cert and --tls-key need each other");
        }
        if (certificate == null && authorities == null) {
            return null;
        }
        TlsOptions.Builder tls = TlsOptions.builder().clientCertificates(clientCertificates);
        if (certificate != null && key != null) {
            tls.certificate(certificate, key, null);
        }
        if (authorities != null) {
            tls.trustedCertificates(authorities);
        }
        try {
            return tls.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
