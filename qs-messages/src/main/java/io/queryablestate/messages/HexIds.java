package io.queryablestate.messages;

import java.util.HexFormat;

/** The printed form of 16-byte ids: the lower and then the upper half, as Flink prints its {@code AbstractID}. */
final class HexIds {

    private static final HexFormat HEX = HexFormat.of();
    private static final int DIGITS = 32;

    private HexIds() {}

    static long upper(String hex, String what) {
        return HexFormat.fromHexDigitsToLong(checked(hex, what), DIGITS / 2, DIGITS);
    }

    static long lower(String hex, String what) {
        return HexFormat.fromHexDigitsToLong(checked(hex, what), 0, DIGITS / 2);
    }

    static String format(long upper, long lower) {
        return HEX.toHexDigits(lower) + HEX.toHexDigits(upper);
    }

    private static String checked(String hex, String what) {
        if (hex.length() != DIGITS || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("a " + what + " is 32 hexadecimal digits, got \"" + hex + "\"");
        }
        return hex;
    }
}
