package io.queryablestate.network;

import java.util.Arrays;

/** What a request asks {@link ScriptedHandler} to do with it. */
enum Script {
    /** Answer with the key, while the request is read. */
    ECHO('e'),
    /** Answer with the key repeated to 100,000 bytes. */
    ECHO_LARGE('E'),
    /** Leave the request under way. */
    KEEP('k'),
    /** Answer with the key from another thread. */
    ECHO_LATER('l'),
    ABSENT('a'),
    FAIL('f'),
    /** Answer with a message of 10,000 bytes. */
    MESSAGE('m'),
    /** Answer with a message that cannot be encoded. */
    BAD_MESSAGE('M'),
    /** Be a body that cannot be decoded. */
    REFUSE('r'),
    THROW('t');

    /** How the request says it: the first byte of its body. */
    final char letter;

    Script(char letter) {
        this.letter = letter;
    }

    static Script of(int letter) {
        return Arrays.stream(values())
                .filter(script -> script.letter == letter)
                .findFirst()
                .orElseThrow();
    }
}
