/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench handoff}: hands frames from one Java process to another, in turns with messages between two C programs, and
 * prints tables.
 */
@Command(
        name = "handoff",
        description = {
            "Measures handing frames from one process to another.",
            "In turns with it, two C programs exchange messages of the same size over the same kind of socket,"
                    + " if there is a C compiler."
        },
        showDefaultValues = true,
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench handoff --sizes 1920x1080 --repetitions 3")
final class HandoffCommand implements Callable<Integer> {
    private static final int WARM_UP_FRAMES = 40_000;
    private static final int WARM_UP_RATE = 4_000;
    private static final int TRACED_FRAMES = 1_000;
    private static final int TRACED_RATE = 200;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "WxH",
            description = "Sizes of the frames.",
            defaultValue = "1280x720,3840x2160",
            converter = FrameSize.Converter.class)
    private List<FrameSize> sizes = List.of();

    @Option(names = "--repetitions", paramLabel = "N", description = "Rounds of each kind.", defaultValue = "10")
    private int repetitions;

    @Option(names = "--rate", paramLabel = "FPS", description = "Frames per second when paced.", defaultValue = "60")
    private double rate;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a paced round.", defaultValue = "3")
    private double seconds;

    @Option(names = "--frames", paramLabel = "N", description = "Frames of other rounds.", defaultValue = "5000")
    private int frames;

    @Option(names = "--touch", description = "Write and read a cache line of each page of the frames.")
    private boolean touch;

    @Option(
            names = "--pin",
            description = "Let both processes run on the same CPU, or each on one of two: ${COMPLETION-CANDIDATES}.",
            defaultValue = "no")
    private Pinning pin = Pinning.no;

    @Option(
            names = "--spin",
            paramLabel = "US",
            description = "Let the consumer look for a frame for so many microseconds before it sleeps.",
            defaultValue = "0")
    private long spin;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Clients of each stream, of which one is measured.",
            defaultValue = "1")
    private int clients;

    @Option(names = "--no-strace", description = "Do not count system calls.")
    private boolean noStrace;

    @Override
    public Integer call() throws IOException {
        List<Contest> contests = new ArrayList<>();
        try (FloorProgram floor = Machine.has("cc") ? FloorProgram.compile("floor") : null) {
            for (FrameSize size : sizes) {
                Contest contest = new Contest(size);
                contests.add(contest);
                contest.start(floor, touch, pin, spin, clients - 1);
                progress("warming up " + size);
                warmUp(contest);
            }
            String load = Machine.load();
            measure(contests);
            HandoffReport report = new HandoffReport(contests);
            report.machine(load, Machine.load());
            report.latencies(Mode.PACED);
            report.latencies(Mode.PING_PONG);
            report.throughput();
            report.garbage();
            report.processor();
            if (!noStrace && Machine.has("strace")) {
                progress("counting system calls");
                report.systemCalls(new Round(Mode.PACED, TRACED_FRAMES, TRACED_RATE));
            }
        } finally {
            contests.forEach(Contest::close);
        }
        return 0;
    }

    /** Runs what will be measured until it is compiled: the same rounds, faster. */
    private void warmUp(Contest contest) throws IOException {
        for (Mode mode : List.of(Mode.PING_PONG, Mode.FREE, Mode.PACED)) {
            contest.warmUp(new Round(mode, WARM_UP_FRAMES, WARM_UP_RATE));
        }
        contest.warmUp(paced());
    }

    private void measure(List<Contest> contests) throws IOException {
        for (int i = 1; i <= repetitions; i++) {
            progress("repetition " + i + " of " + repetitions);
            for (Round round : List.of(paced(), new Round(Mode.PING_PONG, frames, rate))) {
                for (Contest contest : contests) {
                    contest.measure(round);
                }
            }
        }
        for (int i = 1; i <= repetitions; i++) {
            for (Contest contest : contests) {
                contest.measure(new Round(Mode.FREE, 10 * frames, rate));
            }
        }
    }

    private Round paced() {
        return new Round(Mode.PACED, (int) Math.max(1, rate * seconds), rate);
    }

    private static void progress(String what) {
        System.err.println(what + "...");
    }
}
