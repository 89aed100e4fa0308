/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import io.machframe.demos.process.Progress;
import io.machframe.demos.process.Quiet;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.stream.ClientStatistics;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demos/run watch}. */
@Command(
        name = "watch",
        description = {
            "Receives a published stream without a window, and tells how it came.",
            "",
            "Ends with the stream, after some frames, or at Ctrl-C. Fails if the publisher dies, if nothing was"
                    + " received, or at the first frame that is not right."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  demos/run watch camera",
            "  demos/run watch camera --frames 100 --png last.png",
            "  demos/run watch camera --verify film.mp4"
        })
public final class WatchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "What it is published under; demos/run list tells.")
    private String name = "";

    @Option(names = "--png", paramLabel = "OUT", description = "Write the last frame received to this PNG file.")
    private @Nullable Path png;

    @Option(names = "--frames", paramLabel = "N", description = "End after N frames.")
    private long frames = Long.MAX_VALUE;

    @Option(
            names = "--verify",
            paramLabel = "FILE",
            description = "Decode the published file here, too, and compare every pixel of every frame received.")
    private @Nullable Path original;

    /** Used by {@code demos/run play}: tell the figures as reports, end with standard input. */
    @Option(names = "--report", hidden = true)
    private boolean reporting;

    @Mixin
    private Quiet quiet = new Quiet();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public WatchCommand() {}

    @Override
    public Integer call() throws Exception {
        if (frames < 1) {
            throw new ParameterException(spec.commandLine(), "--frames must be at least 1");
        }
        // What takes time is opened first: frames come from the moment of the connection on.
        try (StopSignal stop = StopSignal.install();
                Verifier verifier = original == null ? null : Verifier.open(original);
                FrameClient client = FrameClient.connect(name);
                Watcher watcher = new Watcher(client, verifier)) {
            requireKnown(client.format());
            if (reporting) {
                stop.followStandardInput(line -> {});
            }
            watch(watcher, client, stop);
        }
        return 0;
    }

    private void requireKnown(FrameFormat format) throws IOException {
        if (!VideoDecoder.FORMATS.contains(format.pixelFormat())) {
            throw new IOException("the stream \"" + name + "\" is " + format + ", and only " + VideoDecoder.FORMATS
                    + " can be watched");
        }
    }

    private void watch(Watcher watcher, FrameClient client, StopSignal stop) throws IOException, InterruptedException {
        PrintWriter out = reporting ? spec.commandLine().getOut() : quiet.out();
        if (!reporting) {
            out.println("Watching \"" + name + "\": " + client.format());
            out.flush();
        }
        Progress progress = quiet.progress();
        try {
            watcher.watch(frames, stop, () -> progress.tell(() -> state(client.statistics())));
        } finally {
            tell(watcher.figures(), out);
            if (png != null && watcher.writeLast(png) && !reporting) {
                out.println("Last frame: " + png);
            }
            out.flush();
        }
        if (client.statistics().received() == 0 && !stop.isRaised()) {
            throw new IOException("the stream \"" + name + "\" ended before a frame was received");
        }
    }

    private void tell(WatchFigures figures, PrintWriter out) {
        if (reporting) {
            out.println(figures.report(WatchFigures.TOPIC));
            return;
        }
        out.println(figures.received() + " frames received, " + figures.skipped() + " skipped; hand-off "
                + figures.handOff());
        if (original != null) {
            out.println(figures.verified() + " frames verified, pixel by pixel");
        }
    }

    private static String state(ClientStatistics figures) {
        return figures.received() + " frames received, " + figures.skipped() + " skipped";
    }
}
