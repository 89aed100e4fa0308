/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;

/** Which CPUs the processes of a pair may run on. */
@SuppressWarnings("unused") // chosen by name on the command line
enum Pinning {
    /** Any: as in real use, and with the noise of it. */
    no,
    /** Both on the first: what the software alone costs. */
    same,
    /** The publisher on the first, the consumer on the second: a CPU has to be woken for each frame. */
    two;

    void apply(Pair pair) throws IOException {
        if (this != no) {
            pin(pair.publisher().pid(), 0);
            pin(pair.consumer().pid(), this == same ? 0 : 1);
        }
    }

    private static void pin(long pid, int cpu) throws IOException {
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", "" + cpu, "" + pid)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (taskset.waitFor() != 0) {
                throw new IOException("taskset could not pin process " + pid + " to CPU " + cpu);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pinning a process", e);
        }
    }
}
