package io.queryablestate.network;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import org.jspecify.annotations.Nullable;

/**
 * Whom a server serves, and what they may read. Immutable.
 *
 * @param tls how connections are protected; null for not at all
 * @param tokens the secrets by which peers are known; none if they need none
 * @param access who may read which state
 * @param version1 whether version 1 of the protocol, which cannot say who asks, is served
 * @param insecureExposure whether a server without authentication may listen on more than the loopback address
 */
public record ServerSecurity(
        @Nullable TlsOptions tls, Tokens tokens, AccessPolicy access, boolean version1, boolean insecureExposure) {

    private static final ServerSecurity NONE = builder().build();

    public ServerSecurity {
        if (tls != null && !tls.canServe()) {
            throw new IllegalArgumentException("a server with TLS needs a certificate and its key");
        }
    }

    /** Everybody is served, in both versions, and may read everything; on the loopback address only. */
    public static ServerSecurity none() {
        return NONE;
    }

    /** Starts from {@link #none()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether every peer, unless it speaks version 1, has to show who it is. */
    public boolean authenticates() {
        return !tokens.isEmpty() || (tls != null && tls.clientCertificates());
    }

    /**
     * Who a peer is that has said hello.
     *
     * @param token what it has shown; empty for nothing
     * @param certified who it is by its certificate; anonymous without one
     * @throws QueryableStateException if it is not served
     */
    Identity admit(String token, Identity certified) {
        if (tokens.isEmpty() || (token.isEmpty() && !certified.equals(Identity.ANONYMOUS))) {
            return certified;
        }
        return tokens.identify(token)
                .orElseThrow(() -> new QueryableStateException(
                        ErrorCode.FORBIDDEN, token.isEmpty() ? "no token was shown" : "the token is not known"));
    }

    /** Collects options; used by one thread. */
    public static final class Builder {
        private @Nullable TlsOptions tls;
        private Tokens tokens = Tokens.none();
        private AccessPolicy access = AccessPolicy.everything();
        private boolean allowVersion1;
        private boolean insecureExposure;

        private Builder() {}

        /** Certificate and key of the server, and whether peers need certificates; default: no TLS. */
        public Builder tls(@Nullable TlsOptions options) {
            this.tls = options;
            return this;
        }

        /**
         * The secrets by which peers are known; default none. A peer must then show one of them, unless it has shown a
         * certificate, and is known by that one's name. Without TLS a token can be read by whoever sees the network.
         */
        public Builder tokens(Tokens known) {
            this.tokens = known;
            return this;
        }

        /** Who may read which state; default: everybody who is served may read everything. */
        public Builder access(AccessPolicy policy) {
            this.access = policy;
            return this;
        }

        /**
         * Serves version 1 although there is TLS or a token, to peers that are anonymous then: whoever reaches the port
         * can read what the policy allows {@link Identity#ANONYMOUS}. Without TLS and tokens, version 1 is served anyway.
         */
        public Builder allowVersion1(boolean allowed) {
            this.allowVersion1 = allowed;
            return this;
        }

        /**
         * Lets a server listen on more than the loopback address although it asks nobody who they are: everyone who
         * reaches the port can read every state. Default false: such a server does not start.
         */
        public Builder allowInsecureExposure(boolean allowed) {
            this.insecureExposure = allowed;
            return this;
        }

        /**
         * The finished options.
         *
         * @throws IllegalArgumentException if there is TLS without a certificate
         */
        public ServerSecurity build() {
            boolean version1 = allowVersion1 || (tls == null && tokens.isEmpty());
            return new ServerSecurity(tls, tokens, access, version1, insecureExposure);
        }
    }
}
