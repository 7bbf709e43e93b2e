package io.queryablestate.network;

import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Permissions as a list: what no rule allows is forbidden. Immutable and thread-safe.
 *
 * <pre>
 * # job                             state    identity
 * *                                 *        proxy
 * *                                 shop-*   CN=reports,O=Shop
 * 5d1a9c0e5d1a9c0e5d1a9c0e5d1a9c0e  counts   alice
 * *                                 public   *
 * </pre>
 */
public final class AccessRules implements AccessPolicy {

    private static final String ANY = "*";

    private final List<Rule> rules;

    private AccessRules(List<Rule> rules) {
        this.rules = rules;
    }

    /**
     * Reads a file with one rule {@code job state identity} a line: who the identity at the end of the line is may read
     * the states of that name of that job. The job is an id in hexadecimal digits or {@code *}; in the state's name each
     * {@code *} stands for any text; the identity is a name, which may have blanks, or {@code *} for everybody, also for
     * who has not said who it is. Blank lines and lines that begin with {@code #} are skipped.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is of another form
     */
    public static AccessRules read(Path file) throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (String[] line : SettingLines.read(file, 3, "job state identity")) {
            rules.add(Rule.of(line[0], line[1], line[2], file));
        }
        return new AccessRules(List.copyOf(rules));
    }

    @Override
    public boolean mayRead(Identity who, JobId job, String stateName) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).allows(who, job, stateName)) {
                return true;
            }
        }
        return false;
    }

    private record Rule(String job, NamePattern state, String identity) {

        static Rule of(String job, String state, String identity, Path file) {
            if (!job.equals(ANY)) {
                try {
                    JobId.parse(job);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("\"" + job + "\" in " + file + " is neither a job id nor *", e);
                }
            }
            return new Rule(job, new NamePattern(state), identity);
        }

        boolean allows(Identity who, JobId asked, String stateName) {
            return (identity.equals(ANY) || identity.equals(who.name()))
                    && state.matches(stateName)
                    && (job.equals(ANY) || job.equalsIgnoreCase(asked.toString()));
        }
    }
}
