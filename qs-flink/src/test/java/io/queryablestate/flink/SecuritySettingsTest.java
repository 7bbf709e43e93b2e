package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.queryablestate.messages.JobId;
import io.queryablestate.network.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecuritySettingsTest {

    private static final JobId JOB = new JobId(1, 2);

    private final Configuration configuration = new Configuration();
    private final Path directory;

    SecuritySettingsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldServeEverybodyOnEveryAddress_whenNothingIsSet() {
        SecuritySettings settings = SecuritySettings.of(configuration);

        assertThat(settings.server().authenticates()).isFalse();
        assertThat(settings.server().insecureExposure()).isTrue();
        assertThat(settings.server().version1()).isTrue();
        assertThat(settings.ownToken()).isEmpty();
    }

    @Test
    void shouldKnowWhoAsksAndWhatTheyMayRead_whenTheFilesAreSet() throws Exception {
        set(SecuritySettings.TOKENS_FILE.key(), "proxy between-us\nalice of-alice");
        set(SecuritySettings.TOKEN_FILE.key(), "between-us\n");
        set(SecuritySettings.PERMISSIONS_FILE.key(), "* * proxy\n* counts alice");

        SecuritySettings settings = SecuritySettings.of(configuration);

        assertThat(settings.ownToken()).isEqualTo("between-us");
        assertThat(settings.server().authenticates()).isTrue();
        assertThat(settings.server().version1()).isFalse();
        Identity alice = settings.server().tokens().identify("of-alice").orElseThrow();
        assertThat(settings.server().access().mayRead(alice, JOB, "counts")).isTrue();
        assertThat(settings.server().access().mayRead(alice, JOB, "others")).isFalse();
    }

    @Test
    void shouldServeVersion1_whenThatIsAllowedBesideTokens() throws Exception {
        set(SecuritySettings.TOKENS_FILE.key(), "proxy between-us");
        set(SecuritySettings.TOKEN_FILE.key(), "between-us");
        configuration.setString(SecuritySettings.ALLOW_VERSION_1.key(), "true");

        assertThat(SecuritySettings.of(configuration).server().version1()).isTrue();
    }

    @Test
    void shouldRefuse_whenStateServersWouldNotKnowTheProxy() throws Exception {
        set(SecuritySettings.TOKENS_FILE.key(), "proxy between-us");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecuritySettings.of(configuration))
                .withMessageContaining(SecuritySettings.TOKEN_FILE.key());
    }

    @Test
    void shouldNameTheKeysThatAreMissing_whenTlsHasNoCertificate() {
        configuration.setString(SecuritySettings.SSL_ENABLED.key(), "true");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecuritySettings.of(configuration))
                .withMessageContaining("security.ssl.internal.keystore")
                .withMessageContaining(SecuritySettings.CERTIFICATE.key());
    }

    @Test
    void shouldLookForFlinksOwnKeyStores_whenTheyAreSet() {
        configuration.setString(SecuritySettings.SSL_ENABLED.key(), "true");
        configuration.setString(
                "security.ssl.keystore", directory.resolve("flink.jks").toString());
        for (String key : new String[] {"keystore-password", "key-password", "truststore", "truststore-password"}) {
            configuration.setString("security.ssl.internal." + key, "x");
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecuritySettings.of(configuration))
                .withMessageContaining("flink.jks");
    }

    @Test
    void shouldSayWhichFile_whenItIsMissing() {
        configuration.setString(
                SecuritySettings.PERMISSIONS_FILE.key(),
                directory.resolve("nowhere").toString());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecuritySettings.of(configuration))
                .withMessageContaining("nowhere");
    }

    private void set(String key, String content) throws IOException {
        configuration.setString(
                key, Files.writeString(directory.resolve(key), content).toString());
    }
}
