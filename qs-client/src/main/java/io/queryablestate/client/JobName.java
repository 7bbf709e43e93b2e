package io.queryablestate.client;

/**
 * The name under which a job was submitted. Unlike its id it stays the same when the job is submitted anew.
 *
 * @param name the name as the job's cluster has it, not empty
 */
public record JobName(String name) {

    /** @throws IllegalArgumentException if the name is empty */
    public JobName {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a job is not empty");
        }
    }

    /**
     * The job of that name.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public static JobName of(String name) {
        return new JobName(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
