package io.queryablestate.network;

/**
 * Who asks, as far as a server knows: the name of the token that was shown, or the subject of the certificate.
 *
 * @param name not blank; a subject is written as in {@code CN=reports,O=Shop}
 */
public record Identity(String name) {

    /** Who has shown neither a token nor a certificate, and every peer that speaks version 1. */
    public static final Identity ANONYMOUS = new Identity("anonymous");

    public Identity {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of an identity is blank");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
