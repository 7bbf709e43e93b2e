package io.queryablestate.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets by which a server knows its peers, each with a name. Keeps digests only, so that a token shows neither in a
 * heap dump nor in the time that a comparison takes. Immutable and thread-safe.
 */
public final class Tokens {

    /** Longer ones do not fit into a hello. */
    private static final int MAX_BYTES = 2048;

    private static final Tokens NONE = new Tokens(List.of());

    private final List<Named> tokens;

    private Tokens(List<Named> tokens) {
        this.tokens = tokens;
    }

    /** No tokens: peers need none. */
    public static Tokens none() {
        return NONE;
    }

    /**
     * Named tokens.
     *
     * @param byName the secret of each name
     * @throws IllegalArgumentException if a name or a token is blank, a token above 2,048 bytes or given twice, or a name
     *     is {@code anonymous}
     */
    public static Tokens of(Map<String, String> byName) {
        List<Named> named = new ArrayList<>();
        Set<String> secrets = new HashSet<>();
        byName.forEach((name, secret) -> {
            if (!secrets.add(secret)) {
                throw new IllegalArgumentException("the token of \"" + name + "\" is that of another name, too");
            }
            named.add(new Named(name, secret));
        });
        return new Tokens(List.copyOf(named));
    }

    /**
     * Reads a file with one {@code name token} a line. Blank lines and lines that begin with {@code #} are skipped.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is of another form, or as in {@link #of}; the text shows no token
     */
    public static Tokens read(Path file) throws IOException {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String[] line : SettingLines.read(file, 2, "name token")) {
            if (byName.putIfAbsent(line[0], line[1]) != null) {
                throw new IllegalArgumentException("the name \"" + line[0] + "\" is given twice in " + file);
            }
        }
        return of(byName);
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** Whose token that is. Takes the same time for every token of one length, known or not. */
    public Optional<Identity> identify(String token) {
        byte[] shown = sha256(token);
        Identity found = null;
        for (Named candidate : tokens) {
            if (MessageDigest.isEqual(candidate.digest, shown)) {
                found = candidate.identity;
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static final class Named {
        private final Identity identity;
        private final byte[] digest;

        Named(String name, String secret) {
            identity = new Identity(name);
            if (identity.equals(Identity.ANONYMOUS)) {
                throw new IllegalArgumentException("no token can have the name \"anonymous\"");
            }
            int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
            if (secret.isBlank() || bytes > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the token of \"" + name + "\" has " + bytes + " bytes, expected 1 to " + MAX_BYTES);
            }
            digest = sha256(secret);
        }
    }
}
