package io.queryablestate.gates;

/**
 * How much of a gate is run.
 *
 * @param full whether the counts are those of a release, else those of every change
 * @param percent of these counts
 */
record Scale(boolean full, int percent) {

    Scale {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("a scale is 1 to 100 percent, got " + percent);
        }
    }

    int times(int quick, int complete) {
        return Math.max(1, (int) ((long) (full ? complete : quick) * percent / 100));
    }

    @Override
    public String toString() {
        return (full ? "full" : "quick") + (percent == 100 ? "" : " x " + percent + " %");
    }
}
