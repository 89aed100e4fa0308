/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench run-loop}: wakes a thread by messages, in a run loop and without one, and prints a table. */
@Command(
        name = "run-loop",
        description = {
            "Measures how fast a run loop wakes for a message.",
            "One thread sends a message now and then, another sleeps until it comes: in turns in a plain receive, in a"
                    + " loop with one source, and in one with many."
        },
        showDefaultValues = true,
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench run-loop --sources 100")
final class LoopCommand implements Callable<Integer> {
    private static final int WARM_UP = 20_000;
    private static final int WARM_UP_RATE = 10_000;

    @Option(names = "--repetitions", paramLabel = "N", description = "Rounds of each kind.", defaultValue = "15")
    private int repetitions;

    @Option(names = "--messages", paramLabel = "N", description = "Messages of a round.", defaultValue = "1000")
    private int messages;

    @Option(names = "--rate", paramLabel = "N", description = "Messages per second.", defaultValue = "1000")
    private int rate;

    @Option(
            names = "--sources",
            paramLabel = "N",
            description = "Ports in the loop with many sources.",
            defaultValue = "1000")
    private int sources;

    /** What one way of waiting came to. */
    private record Measured(String way, Sleeper sleeper, Series series, List<Double> micros) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        String load = Machine.load();
        try (Sleeper plain = Sleeper.inReceive();
                Sleeper one = Sleeper.inLoop(1);
                Sleeper many = Sleeper.inLoop(sources)) {
            List<Measured> ways = List.of(
                    new Measured("plain receive", plain, new Series(), new ArrayList<>()),
                    new Measured("loop with 1 source", one, new Series(), new ArrayList<>()),
                    new Measured("loop with " + sources + " sources", many, new Series(), new ArrayList<>()));
            for (Measured way : ways) {
                way.sleeper.run(WARM_UP, WARM_UP_RATE);
            }
            for (int i = 0; i < repetitions; i++) {
                for (Measured way : ways) {
                    measure(way);
                }
            }
            report(ways, load);
        }
        return 0;
    }

    private void measure(Measured way) throws IOException, InterruptedException {
        Sleeper.Round round = way.sleeper.run(messages, rate);
        way.series.add(new Outcome(round.latencies(), 0, 0, 0, 1, 0));
        way.micros.add(round.cpuNanos() / 1e3 / messages);
    }

    private void report(List<Measured> ways, String load) {
        Table.line("%s; load %s before, %s after", Machine.description(), load, Machine.load());
        Table.heading(
                "waking a thread by a message, " + rate + " a second",
                "way | from sending to waking p50, us | p99 | max | : receive | CPU of the woken thread, us | : receive");
        Measured plain = ways.get(0);
        for (Measured way : ways) {
            Table.row(
                    "%s | %s | %s | %s | %s",
                    way.way,
                    Table.percentiles(way.series),
                    way.series.over(plain.series),
                    String.format(Locale.ROOT, "%.1f", ratio(way.micros, null).median()),
                    ratio(way.micros, plain.micros));
        }
    }

    private static Ratio ratio(List<Double> values, @Nullable List<Double> floor) {
        double[] ratios = new double[values.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values.get(i) / (floor == null ? 1 : floor.get(i));
        }
        return Ratio.of(ratios);
    }
}
