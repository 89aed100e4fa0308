/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Prints the tables of the hand-off benchmark. */
final class HandoffReport {
    /** Calls rarer than this come from elsewhere: the virtual machine's own threads, a server's housekeeping. */
    private static final double LEAST_CALLS_PER_FRAME = 0.1;

    private final List<Contest> contests;

    HandoffReport(List<Contest> contests) {
        this.contests = contests;
    }

    void machine(String loadBefore, String loadAfter) {
        line("%s; load %s before, %s after", Machine.description(), loadBefore, loadAfter);
    }

    void latencies(Mode mode) {
        heading(
                mode + ": microseconds from published to received",
                "frame | library p50 | p99 | max | C p50 | p99 | max | library : C | received | skipped");
        for (Contest contest : contests) {
            Series library = contest.library(mode);
            String floor = "- | - | - | -";
            if (contest.hasFloor()) {
                Series c = contest.floor(mode);
                floor = percentiles(c) + " | " + library.over(c);
            }
            row(
                    "%s | %s | %s | %d | %d",
                    contest.size(), percentiles(library), floor, library.received(), library.skipped());
        }
        Contest first = contests.get(0);
        for (Contest other : contests.subList(1, contests.size())) {
            line("%s : %s = %s", other.size(), first.size(), other.library(mode).over(first.library(mode)));
        }
    }

    void throughput() {
        heading("free: frames per second", "frame | published | received | C messages");
        for (Contest contest : contests) {
            Series library = contest.library(Mode.FREE);
            String floor = contest.hasFloor() ? count(contest.floor(Mode.FREE).receivedPerSecond()) : "-";
            row(
                    "%s | %s | %s | %s",
                    contest.size(), count(library.publishedPerSecond()), count(library.receivedPerSecond()), floor);
        }
    }

    void garbage() {
        heading("garbage: bytes per frame", "frame | mode | publisher | consumer");
        for (Contest contest : contests) {
            for (Mode mode : Mode.values()) {
                Series series = contest.library(mode);
                row(
                        "%s | %s | %.0f | %.0f",
                        contest.size(), mode, series.publisherBytesPerFrame(), series.consumerBytesPerFrame());
            }
        }
    }

    void systemCalls(Round round) throws IOException {
        heading("system calls per frame", "side | calls");
        Pair pair = contests.get(0).pair();
        row("publisher | %s", calls(round, pair.publisher(), pair));
        row("consumer | %s", calls(round, pair.consumer(), pair));
    }

    private static String calls(Round round, Peer side, Pair pair) throws IOException {
        Map<String, Long> calls = SystemCalls.count(side.pid(), () -> pair.run(round));
        StringJoiner list = new StringJoiner(", ");
        calls.forEach((name, count) -> {
            double each = (double) count / round.frames();
            if (each >= LEAST_CALLS_PER_FRAME) {
                list.add(String.format(Locale.ROOT, "%s %.2f", name, each));
            }
        });
        return list.toString();
    }

    private static String percentiles(Series series) {
        return String.format(
                Locale.ROOT, "%.1f | %.1f | %.0f", series.micros(50), series.micros(99), series.maxMicros());
    }

    private static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private static void heading(String title, String columns) {
        line("%n%s%n", title);
        row("%s", columns);
        row("%s", columns.replaceAll("[^|]+", "---"));
    }

    private static void row(String format, Object... values) {
        line("| " + format + " |", values);
    }

    private static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
