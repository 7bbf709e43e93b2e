package io.queryablestate.benchmarks;

import java.util.List;

/** The values of workloads in arrays, for peers that bring no state of their own. */
final class HeldValues {

    private final int[] lengths;
    private final byte[][][] values;

    HeldValues(List<Workload> workloads) {
        this.lengths = workloads.stream().mapToInt(Workload::valueBytes).toArray();
        this.values = workloads.stream().map(HeldValues::allOf).toArray(byte[][][]::new);
    }

    private static byte[][] allOf(Workload workload) {
        byte[][] all = new byte[workload.keys()][];
        for (int index = 0; index < all.length; index++) {
            all[index] = Workload.valueOf(workload.key(index));
        }
        return all;
    }

    byte[] of(long key) {
        int length = Workload.valueBytes(key);
        int workload = 0;
        while (lengths[workload] != length) {
            workload++;
        }
        return values[workload][Workload.index(key)];
    }
}
