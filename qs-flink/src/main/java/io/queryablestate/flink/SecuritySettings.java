package io.queryablestate.flink;

import io.queryablestate.network.AccessPolicy;
import io.queryablestate.network.AccessRules;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.network.TlsOptions;
import io.queryablestate.network.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Whom the services of a task manager serve, and how its proxy shows itself to the state servers of the others.
 *
 * @param server the same for proxy and state server
 * @param ownToken what the proxy says to state servers; empty for nothing
 */
record SecuritySettings(ServerSecurity server, String ownToken) {

    static final ConfigOption<Boolean> SSL_ENABLED = flag("queryable-state.ssl.enabled", false);
    static final ConfigOption<String> CERTIFICATE = text("queryable-state.ssl.certificate");
    static final ConfigOption<String> KEY = text("queryable-state.ssl.key");
    static final ConfigOption<String> KEY_PASSWORD = text("queryable-state.ssl.key-password");
    static final ConfigOption<String> TRUSTED = text("queryable-state.ssl.trusted-certificates");
    static final ConfigOption<Boolean> CLIENT_AUTHENTICATION = flag("queryable-state.ssl.client-authentication", true);
    static final ConfigOption<Boolean> VERIFY_HOSTNAME = flag("queryable-state.ssl.verify-hostname", true);
    static final ConfigOption<String> TOKENS_FILE = text("queryable-state.auth.tokens-file");
    static final ConfigOption<String> TOKEN_FILE = text("queryable-state.auth.token-file");
    static final ConfigOption<String> PERMISSIONS_FILE = text("queryable-state.auth.permissions-file");
    static final ConfigOption<Boolean> ALLOW_VERSION_1 = flag("queryable-state.allow-version-1", false);

    static final List<ConfigOption<?>> OPTIONS = List.of(
            SSL_ENABLED,
            CERTIFICATE,
            KEY,
            KEY_PASSWORD,
            TRUSTED,
            CLIENT_AUTHENTICATION,
            VERIFY_HOSTNAME,
            TOKENS_FILE,
            TOKEN_FILE,
            PERMISSIONS_FILE,
            ALLOW_VERSION_1);

    /**
     * The settings of a configuration, with the files that they name.
     *
     * @throws IllegalArgumentException if a file cannot be read or is not what it should be, or if state servers set up
     *     like this would refuse the proxy
     */
    static SecuritySettings of(Configuration configuration) {
        try {
            TlsOptions tls = configuration.get(SSL_ENABLED) ? tls(configuration) : null;
            Path tokensFile = path(configuration, TOKENS_FILE);
            Path tokenFile = path(configuration, TOKEN_FILE);
            Path permissionsFile = path(configuration, PERMISSIONS_FILE);
            Tokens tokens = tokensFile == null ? Tokens.none() : Tokens.read(tokensFile);
            String ownToken =
                    tokenFile == null ? "" : Files.readString(tokenFile).strip();
            // qs-flink runs where queryable-state.enable was set, which is explicit; it warns if everybody is served.
            ServerSecurity server = ServerSecurity.builder()
                    .tls(tls)
                    .tokens(tokens)
                    .access(permissionsFile == null ? AccessPolicy.everything() : AccessRules.read(permissionsFile))
                    .allowVersion1(configuration.get(ALLOW_VERSION_1))
                    .allowInsecureExposure(true)
                    .build();
            checkOwnToken(tokensFile, tokens, ownToken, tls);
            return new SecuritySettings(server, ownToken);
        } catch (IOException e) {
            throw new IllegalArgumentException("a file of the security settings cannot be read: " + e.getMessage(), e);
        }
    }

    private static void checkOwnToken(
            @Nullable Path tokensFile, Tokens tokens, String ownToken, @Nullable TlsOptions tls) {
        boolean certified = ownToken.isEmpty() && tls != null && tls.clientCertificates();
        if (tokensFile != null && !certified && tokens.identify(ownToken).isEmpty()) {
            throw new IllegalArgumentException("state servers would refuse the proxy of this task manager: "
                    + TOKEN_FILE.key() + " has to name a file with one of the tokens of " + TOKENS_FILE.key());
        }
    }

    /** From PEM files, or else from the key stores of Flink's own internal connections. */
    private static TlsOptions tls(Configuration configuration) {
        TlsOptions.Builder tls = TlsOptions.builder()
                .clientCertificates(configuration.get(CLIENT_AUTHENTICATION))
                .hostnameVerification(configuration.get(VERIFY_HOSTNAME));
        Path certificate = path(configuration, CERTIFICATE);
        if (certificate == null) {
            return tls.keyStore(
                            Path.of(required(configuration, "keystore")),
                            required(configuration, "keystore-password"),
                            required(configuration, "key-password"))
                    .trustStore(
                            Path.of(required(configuration, "truststore")),
                            required(configuration, "truststore-password"))
                    .build();
        }
        String password = configuration.get(KEY_PASSWORD);
        tls.certificate(certificate, needed(configuration, KEY), password.isEmpty() ? null : password);
        return tls.trustedCertificates(needed(configuration, TRUSTED)).build();
    }

    private static String required(Configuration configuration, String name) {
        ConfigOption<String> option = ConfigOptions.key("security.ssl.internal." + name)
                .stringType()
                .defaultValue("")
                .withFallbackKeys("security.ssl." + name);
        String value = configuration.get(option);
        if (value.isEmpty()) {
            throw new IllegalArgumentException(SSL_ENABLED.key() + " needs " + option.key() + ", or "
                    + CERTIFICATE.key() + " and what belongs to it");
        }
        return value;
    }

    private static Path needed(Configuration configuration, ConfigOption<String> option) {
        Path path = path(configuration, option);
        if (path == null) {
            throw new IllegalArgumentException(CERTIFICATE.key() + " needs " + option.key());
        }
        return path;
    }

    private static @Nullable Path path(Configuration configuration, ConfigOption<String> option) {
        String value = configuration.get(option);
        return value.isEmpty() ? null : Path.of(value);
    }

    private static ConfigOption<String> text(String key) {
        return ConfigOptions.key(key).stringType().defaultValue("");
    }

    private static ConfigOption<Boolean> flag(String key, boolean defaultValue) {
        return ConfigOptions.key(key).booleanType().defaultValue(defaultValue);
    }
}
