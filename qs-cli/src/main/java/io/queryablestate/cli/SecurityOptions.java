package io.queryablestate.cli;

import io.queryablestate.network.AccessRules;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.network.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whom a cluster serves, and what they may read. */
final class SecurityOptions {

    @Mixin
    private final TlsFiles tls = new TlsFiles();

    @Mixin
    private final TokenFile proxyToken = new TokenFile();

    @Option(
            names = "--tls-client-certificates",
            description = "Serve only who shows a certificate of a trusted authority.")
    private boolean clientCertificates;

    @Option(
            names = "--tokens-file",
            paramLabel = "FILE",
            description = "Serve only who shows one of these tokens: a line \"name token\" for each."
                    + " The cluster's proxies show that of --token-file.")
    private @Nullable Path tokens;

    @Option(
            names = "--permissions-file",
            paramLabel = "FILE",
            description =
                    "Who may read what: lines \"job state name\", each of them can be *. Default: all may read all.")
    private @Nullable Path permissions;

    SecurityOptions() {}

    ServerSecurity serverSecurity() {
        ServerSecurity.Builder security = ServerSecurity.builder().tls(tls.server(clientCertificates));
        try {
            if (tokens != null) {
                security.tokens(Tokens.read(tokens));
            }
            if (permissions != null) {
                security.access(AccessRules.read(permissions));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        return security.build();
    }

    /** What the cluster's proxies say to its state servers. */
    String proxyToken() {
        return proxyToken.read();
    }
}
