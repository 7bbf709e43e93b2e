package io.queryablestate.messages;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what went wrong from the printed form of a {@code Throwable}, {@code name: message}, whose message may hold
 * further printed throwables: after another {@code name: }, as wrappers print their cause, or after {@code Caused by: },
 * as Flink's servers print the whole trace of the real failure into the message of a {@code RuntimeException}.
 *
 * <p>The first known name decides, in that order. It is a reading of text for people, so it yields an error code and
 * never more: it cannot say that a key is absent.
 */
final class PrintedThrowable {

    private static final String CAUSED_BY = "Caused by: ";
    private static final String AFTER_NAME = ": ";
    /** How Flink's servers start a message that only leads up to a printed trace. */
    private static final String[] PREAMBLES = {
        "Failed request", "Failed incoming message", "Exception in server pipeline", "Error while processing request"
    };

    private final String text;
    private @Nullable String reason;

    private PrintedThrowable(String text) {
        this.text = text;
    }

    static Failure toFailure(String printed) {
        return new PrintedThrowable(printed).toFailure();
    }

    /** The first line, cut to {@link Frames#MAX_FAILURE_TEXT_BYTES}. */
    static String firstLine(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        byte[] line = WireText.truncated(text.substring(from, end), Frames.MAX_FAILURE_TEXT_BYTES);
        return new String(line, StandardCharsets.UTF_8);
    }

    private Failure toFailure() {
        int head = 0;
        while (head >= 0) {
            Failure known = readHead(head);
            if (known != null) {
                return known;
            }
            int cause = text.indexOf(CAUSED_BY, head);
            head = cause < 0 ? -1 : cause + CAUSED_BY.length();
        }
        return new Failure(ErrorCode.STATE_FAILED, reason == null ? firstLine(text, 0) : reason);
    }

    /** Follows {@code name: name: text} until a known name or the text. */
    private @Nullable Failure readHead(int head) {
        int lastName = head;
        int at = head;
        while (true) {
            int nameEnd = nameEnd(at);
            boolean hasMessage = text.startsWith(AFTER_NAME, nameEnd);
            boolean isName = hasMessage || (isLineEnd(nameEnd) && text.lastIndexOf('.', nameEnd - 1) >= at);
            if (nameEnd == at || !isName) {
                break;
            }
            int simpleName = simpleNameStart(at, nameEnd);
            int message = hasMessage ? nameEnd + AFTER_NAME.length() : simpleName;
            ErrorCode code = codeOf(text.substring(simpleName, nameEnd), message);
            if (code != null) {
                return new Failure(code, firstLine(text, message));
            }
            lastName = simpleName;
            if (!hasMessage) {
                break;
            }
            at = message;
        }
        if (reason == null && !isPreamble(at)) {
            reason = firstLine(text, lastName);
        }
        return null;
    }

    private @Nullable ErrorCode codeOf(String simpleName, int message) {
        boolean isReset = text.startsWith("Connection reset", message) || text.startsWith("Broken pipe", message);
        if (simpleName.equals("IOException") && isReset) {
            return ErrorCode.CONNECTION_LOST;
        }
        return FlinkNames.codeOf(simpleName);
    }

    private int nameEnd(int start) {
        int end = start;
        while (end < text.length() && (Character.isJavaIdentifierPart(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        return end;
    }

    private int simpleNameStart(int start, int end) {
        int separator = Math.max(text.lastIndexOf('.', end - 1), text.lastIndexOf('$', end - 1));
        return Math.max(start, separator + 1);
    }

    private boolean isLineEnd(int at) {
        return at == text.length() || text.charAt(at) == '\n' || text.charAt(at) == '\r';
    }

    private boolean isPreamble(int at) {
        for (String preamble : PREAMBLES) {
            if (text.startsWith(preamble, at)) {
                return true;
            }
        }
        return false;
    }
}
