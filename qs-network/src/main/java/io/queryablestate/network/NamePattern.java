package io.queryablestate.network;

import java.util.List;

/** A name in which each {@code *} stands for any text. Matches in a time that is linear in practice: names are short. */
final class NamePattern {

    private final List<String> parts;

    NamePattern(String pattern) {
        this.parts = List.of(pattern.split("\\*", -1));
    }

    boolean matches(String name) {
        String first = parts.get(0);
        String last = parts.get(parts.size() - 1);
        if (parts.size() == 1) {
            return name.equals(first);
        }
        int end = name.length() - last.length();
        if (end < first.length() || !name.startsWith(first) || !name.endsWith(last)) {
            return false;
        }
        // Whatever stands between may be anything, so the leftmost place for each part is as good as any.
        int from = first.length();
        for (int i = 1; i < parts.size() - 1; i++) {
            String part = parts.get(i);
            int found = name.indexOf(part, from);
            if (found < 0 || found + part.length() > end) {
                return false;
            }
            from = found + part.length();
        }
        return true;
    }
}
