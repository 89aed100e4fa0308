/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.stream.ServerStatistics;
import io.machframe.surface.stream.StreamDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demos/run stats}. */
@Command(
        name = "stats",
        description = {
            "Tells how a stream and each of its clients do, every second, until Ctrl-C or its end.",
            "",
            "The publisher is asked, and is not held up. Latency is the time from publishing a frame to having received it."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  demos/run stats camera", "  demos/run stats camera --once --json | jq .clients"})
public final class StatsCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String CLEAR = "\033[H\033[2J";

    @Parameters(paramLabel = "NAME", description = "What the stream is published as.")
    private String name = "";

    @Option(names = "--json", description = "Print an object on a line of its own each time.")
    private boolean json;

    @Option(names = "--once", description = "Print only once.")
    private boolean once;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public StatsCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        StatsTable table = new StatsTable(name);
        String clear = !json && !once && Ansi.AUTO.enabled() ? CLEAR : "";
        print(table, clear, StreamDirectory.statistics(name, TIMEOUT), out);
        Semaphore stopped = new Semaphore(0);
        try (StopSignal stop = StopSignal.install()) {
            stop.onRaise(stopped::release);
            while (!once && !out.checkError() && !stopped.tryAcquire(1, TimeUnit.SECONDS)) {
                print(table, clear, StreamDirectory.statistics(name, TIMEOUT), out);
            }
        } catch (UnknownServiceException | DeadPortException e) {
            if (!json) {
                out.println("The stream ended.");
                out.flush();
            }
        }
        return 0;
    }

    private void print(StatsTable table, String clear, ServerStatistics figures, PrintWriter out) {
        long now = System.nanoTime();
        out.print(clear + (json ? table.json(figures, now) : table.text(figures, now)));
        out.flush();
    }
}
