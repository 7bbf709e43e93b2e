package io.queryablestate.testsupport;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A certificate authority of a test, and what it has issued, as PEM files in a directory. */
public final class TestAuthority {

    private final Path directory;
    private final X509Bundle root;

    /** Makes an authority of that name; its files have the name, too. */
    public TestAuthority(Path directory, String name) throws Exception {
        this.directory = directory;
        this.root = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(certificate(), root.getCertificatePEM());
    }

    /** Its own certificate. */
    public Path certificate() {
        return directory.resolve(root.getCertificate().getSubjectX500Principal().getName() + ".pem");
    }

    /** Issues a certificate for this machine's loopback address. */
    public Issued issue(String name) throws Exception {
        return issue(new CertificateBuilder().addSanDnsName("localhost").addSanIpAddress("127.0.0.1"), name);
    }

    /** Issues a certificate for another host. */
    public Issued issueForHost(String name, String host) throws Exception {
        return issue(new CertificateBuilder().addSanDnsName(host), name);
    }

    /** Issues a certificate for this machine's loopback address that expired yesterday. */
    public Issued issueExpired(String name) throws Exception {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        return issue(
                new CertificateBuilder()
                        .addSanIpAddress("127.0.0.1")
                        .notBefore(yesterday.minus(Duration.ofDays(1)))
                        .notAfter(yesterday),
                name);
    }

    private Issued issue(CertificateBuilder certificate, String name) throws Exception {
        X509Bundle issued = certificate.ecp256().subject("CN=" + name).buildIssuedBy(root);
        Path chain = directory.resolve(name + "-chain.pem");
        Path key = directory.resolve(name + "-key.pem");
        Files.writeString(chain, issued.getCertificatePathPEM());
        Files.writeString(key, issued.getPrivateKeyPEM());
        return new Issued(chain, key, issued);
    }

    /**
     * A certificate, as PEM files.
     *
     * @param chain the certificate and its issuers
     * @param key its private key
     * @param bundle the same, in memory
     */
    public record Issued(Path chain, Path key, X509Bundle bundle) {}
}
