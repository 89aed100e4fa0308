/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tells how work goes on: once a second at first, then every ten. Not thread-safe. */
public final class Progress {
    private static final int EVERY_SECOND_UNTIL = 10;
    private static final int SECONDS_LATER = 10;

    private final PrintWriter out;
    private final long start = System.nanoTime();
    private long next = 1;

    Progress(PrintWriter out) {
        this.out = out;
    }

    /** Prints a line if it is time for one. */
    public void tell(Supplier<String> state) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        if (seconds >= next) {
            next = seconds < EVERY_SECOND_UNTIL ? seconds + 1 : seconds + SECONDS_LATER;
            out.printf(Locale.ROOT, "%4d s: %s%n", seconds, state.get());
            out.flush();
        }
    }
}
