/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One measurement: what both processes of a pair are told to do, as the line "MODE FRAMES RATE".
 *
 * @param rate frames per second of the paced mode
 */
record Round(Mode mode, int frames, double rate) {
    static Round parse(String line) {
        String[] words = line.split(" ", 3);
        return new Round(Mode.of(words[0]), Integer.parseInt(words[1]), Double.parseDouble(words[2]));
    }

    /** Sleeps until frame {@code index} is due, if this round is paced. */
    void awaitTurn(long startNanos, int index) {
        if (mode != Mode.PACED) {
            return;
        }
        long due = startNanos + (long) ((index + 1) * (TimeUnit.SECONDS.toNanos(1) / rate));
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public String toString() {
        return mode + " " + frames + " " + rate;
    }
}
