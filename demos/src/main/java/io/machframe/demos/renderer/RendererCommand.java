/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import io.machframe.demos.process.Quiet;
import io.machframe.demos.process.StopSignal;
import io.machframe.demos.view.Display;
import io.machframe.surface.stream.FrameClient;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demos/run renderer}. */
@Command(
        name = "renderer",
        description = {
            "Draws a scene by OpenGL in one process and shows it in a window of another.",
            "",
            "Drag the picture to turn it, scroll to come closer, space to stop it. The renderer may crash: the window stays,"
                    + " and another renderer goes on where it was. Without a display, or with --frames, it"
                    + " only counts frames."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  demos/run renderer", "  demos/run renderer --frames 120 --kill --png knot.png"})
public final class RendererCommand implements Callable<Integer> {
    private static final long DEFAULT_FRAMES = 120;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "renderer",
            description = "What to publish under. Default: ${DEFAULT-VALUE}.")
    private String name = "renderer";

    @Option(
            names = "--size",
            paramLabel = "WxH",
            defaultValue = "960x540",
            description = "The picture's size at first, which follows the window's. Default: ${DEFAULT-VALUE}.")
    private String size = "960x540";

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "60",
            description = "At most so many frames a second. Default: ${DEFAULT-VALUE}.")
    private int rate = 60;

    @Option(
            names = "--frames",
            paramLabel = "N",
            description = "Open no window, receive N frames and tell the figures.")
    private @Nullable Long frames;

    @Option(names = "--kill", description = "With --frames: kill the renderer after half of them.")
    private boolean kill;

    @Option(names = "--png", paramLabel = "FILE", description = "With --frames: write the last frame there.")
    private @Nullable Path png;

    @Mixin
    private Quiet quiet = new Quiet();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public RendererCommand() {}

    @Override
    public Integer call() throws Exception {
        Controls first = controls();
        if (frames == null && Display.isThere()) {
            System.setProperty("java.awt.headless", "false");
            return RendererWindow.run(new RendererWindow.Options(name, first, rate));
        }
        run(frames == null ? DEFAULT_FRAMES : frames, first);
        return 0;
    }

    private Controls controls() {
        String[] sides = size.split("x", -1);
        if (rate < 1 || rate > 1000 || (frames != null && frames < 1)) {
            throw new ParameterException(spec.commandLine(), "--rate is 1 to 1000, --frames at least 1");
        }
        try {
            if (sides.length == 2) {
                return Controls.first(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new ParameterException(spec.commandLine(), "--size is for example 960x540, not '" + size + "'");
    }

    private void run(long count, Controls first) throws Exception {
        try (StopSignal stop = StopSignal.install();
                FrameClient client = FrameClient.builder(name).follow()) {
            try (RendererProcess renderer = RendererProcess.start(name, first, rate)) {
                HeadlessRun run = new HeadlessRun(renderer, client);
                run.receive(count, kill, png, stop);
                renderer.close();
                run.tell(quiet.out(), renderer.drawn().orElse(null));
            }
            if (png != null && !stop.isRaised()) {
                quiet.out().println("Last frame: " + png);
                quiet.out().flush();
            }
        }
    }
}
