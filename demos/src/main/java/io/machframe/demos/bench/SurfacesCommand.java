/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.demos.bench.SurfaceWork.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench surfaces}: single calls on surfaces, in turns with a C program that makes the same system calls. */
@Command(
        name = "surfaces",
        description = {
            "Measures calls on surfaces.",
            "In turns with it, a C program makes the same system calls, if there is a C compiler."
        },
        showDefaultValues = true,
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench surfaces")
final class SurfacesCommand implements Callable<Integer> {
    @Option(names = "--repetitions", paramLabel = "N", description = "Rounds of each kind.", defaultValue = "9")
    private int repetitions;

    @Option(names = "--warm-up", paramLabel = "N", description = "Rounds before that.", defaultValue = "5")
    private int warmUp;

    @Override
    public Integer call() throws IOException {
        boolean compares = Machine.has("cc");
        String load = Machine.load();
        try (SurfaceWork work = new SurfaceWork()) {
            for (Kind kind : Kind.values()) {
                for (int i = 0; i < warmUp; i++) {
                    work.nanos(kind, kind.times());
                }
            }
            Table.line("%s; load %s before", Machine.description(), load);
            Table.heading("calls on surfaces, nanoseconds of CPU", "work | library | C | library : C");
            if (compares) {
                try (CProgram program = CProgram.compile("surfaces");
                        Peer floor = Peer.start("C program", command(program, work))) {
                    measure(work, floor);
                }
            } else {
                measure(work, null);
            }
        }
        Table.line("%nload %s after", Machine.load());
        return 0;
    }

    private static List<String> command(CProgram program, SurfaceWork work) {
        List<String> command = new ArrayList<>(work.memory());
        command.add(0, program.path().toString());
        return command;
    }

    private void measure(SurfaceWork work, @Nullable Peer floor) throws IOException {
        for (Kind kind : Kind.values()) {
            Peer beside = kind.order().isEmpty() ? null : floor;
            double[] library = new double[repetitions];
            double[] beneath = new double[repetitions];
            double[] ratios = new double[repetitions];
            for (int i = 0; i < repetitions; i++) {
                library[i] = work.nanos(kind, kind.times());
                if (beside != null) {
                    beside.order(kind.order() + " " + kind.times());
                    beneath[i] = Double.parseDouble(beside.answer()) / kind.times();
                    ratios[i] = library[i] / beneath[i];
                }
            }
            Table.row(
                    "%s | %.0f | %s | %s",
                    kind.title(),
                    Ratio.of(library).median(),
                    beside == null ? "-" : Math.round(Ratio.of(beneath).median()),
                    beside == null ? "-" : Ratio.of(ratios));
        }
    }
}
