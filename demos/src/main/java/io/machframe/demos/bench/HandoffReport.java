/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.List;

/** Prints the tables of the hand-off benchmark. */
final class HandoffReport {
    private final List<Contest> contests;

    HandoffReport(List<Contest> contests) {
        this.contests = contests;
    }

    void machine(String loadBefore, String loadAfter) {
        Table.line("%s; load %s before, %s after", Machine.description(), loadBefore, loadAfter);
    }

    void latencies(Mode mode) {
        Table.heading(
                mode + ": microseconds from published to received",
                "frame | library p50 | p99 | max | C p50 | p99 | max | library : C | received | skipped");
        for (Contest contest : contests) {
            Series library = contest.library(mode);
            String floor = "- | - | - | -";
            if (contest.hasFloor()) {
                Series c = contest.floor(mode);
                floor = Table.percentiles(c) + " | " + library.over(c);
            }
            Table.row(
                    "%s | %s | %s | %d | %d",
                    contest.size(), Table.percentiles(library), floor, library.received(), library.skipped());
        }
        Contest first = contests.get(0);
        for (Contest other : contests.subList(1, contests.size())) {
            Table.line(
                    "%s : %s = %s",
                    other.size(), first.size(), other.library(mode).over(first.library(mode)));
        }
    }

    void throughput() {
        Table.heading("free: frames per second", "frame | published | received | C messages");
        for (Contest contest : contests) {
            Series library = contest.library(Mode.FREE);
            String floor =
                    contest.hasFloor() ? Table.count(contest.floor(Mode.FREE).receivedPerSecond()) : "-";
            Table.row(
                    "%s | %s | %s | %s",
                    contest.size(),
                    Table.count(library.publishedPerSecond()),
                    Table.count(library.receivedPerSecond()),
                    floor);
        }
    }

    void garbage() {
        Table.heading("garbage: bytes per frame", "frame | mode | publisher | consumer");
        for (Contest contest : contests) {
            for (Mode mode : Mode.values()) {
                Series series = contest.library(mode);
                Table.row(
                        "%s | %s | %.0f | %.0f",
                        contest.size(), mode, series.publisherBytesPerFrame(), series.consumerBytesPerFrame());
            }
        }
    }

    void processor() {
        Table.heading("processor time of the publisher: microseconds per frame", "frame | mode | publisher");
        for (Contest contest : contests) {
            for (Mode mode : Mode.values()) {
                Table.row(
                        "%s | %s | %.1f",
                        contest.size(), mode, contest.library(mode).processorMicrosPerFrame());
            }
        }
    }

    void systemCalls(Round round) throws IOException {
        Table.heading("system calls per frame", "side | calls");
        Pair pair = contests.get(0).pair();
        Table.row("publisher | %s", Table.systemCalls(round, pair.publisher(), pair));
        Table.row("consumer | %s", Table.systemCalls(round, pair.consumer(), pair));
    }
}
