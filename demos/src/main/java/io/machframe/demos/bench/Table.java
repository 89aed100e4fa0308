/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Prints tables, and what their cells have in common. */
final class Table {
    /** Calls rarer than this come from elsewhere: the virtual machine's own threads, a server's housekeeping. */
    private static final double LEAST_CALLS = 0.1;

    private Table() {}

    static void heading(String title, String columns) {
        line("%n%s%n", title);
        row("%s", columns);
        row("%s", columns.replaceAll("[^|]+", "---"));
    }

    static void row(String format, Object... values) {
        line("| " + format + " |", values);
    }

    static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    static String percentiles(Series series) {
        return String.format(
                Locale.ROOT, "%.1f | %.1f | %.0f", series.micros(50), series.micros(99), series.maxMicros());
    }

    static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    /** Returns the system calls that one side makes for each frame or message of a round. */
    static String systemCalls(Round round, Peer side, Pair pair) throws IOException {
        Map<String, Long> calls = SystemCalls.count(side.pid(), () -> pair.run(round));
        StringJoiner list = new StringJoiner(", ");
        calls.forEach((name, count) -> {
            double each = (double) count / round.frames();
            if (each >= LEAST_CALLS) {
                list.add(String.format(Locale.ROOT, "%s %.2f", name, each));
            }
        });
        return list.toString();
    }
}
