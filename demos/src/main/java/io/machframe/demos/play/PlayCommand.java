/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.play;

import io.machframe.demos.process.Quiet;
import io.machframe.demos.process.StopSignal;
import io.machframe.demos.publish.FormatOption;
import io.machframe.demos.view.Display;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.ffmpeg.VideoInfo;
import io.machframe.surface.format.PixelFormat;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demos/run play}: a publisher, a watcher and a viewer at once. */
@Command(
        name = PlayCommand.NAME,
        description = {
            "Decodes a video in one process, receives its frames in another, which checks every pixel, shows them in a"
                    + " window if there is a display, and tells what it cost.",
            "",
            "demos/run FILE is short for it, if FILE is there or has a dot or a slash in it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  demos/run play",
            "  demos/run play film.mp4 --format 420v",
            "  demos/run play film.mp4 --no-verify --no-window --png last.png"
        })
public final class PlayCommand implements Callable<Integer> {
    /** The command. */
    public static final String NAME = "play";

    /** Tells where the demos keep what they make. */
    private static final String DIRECTORY = "machframe.demos.directory";

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "A video, anything that FFmpeg reads. Default: a test clip, which is made once.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatOption.class,
            defaultValue = "bgra",
            description = "The pixels: bgra, 420v, 420f, x420 or xf20. Default: ${DEFAULT-VALUE}.")
    private PixelFormat format = PixelFormat.BGRA;

    @Option(names = "--png", paramLabel = "OUT", description = "Where to leave the last frame received.")
    private @Nullable Path png;

    @Option(names = "--no-verify", description = "Do not check the pixels: the watcher has nothing to decode.")
    private boolean unverified;

    @Option(names = "--no-window", description = "Open no window, even if there is a display.")
    private boolean windowless;

    @Mixin
    private Quiet quiet = new Quiet();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public PlayCommand() {}

    @Override
    public Integer call() throws Exception {
        Path directory = Path.of(System.getProperty(DIRECTORY, "demos/target"));
        Path last = png == null ? directory.resolve("last-frame.png") : png;
        PrintWriter out = quiet.out();
        try (StopSignal stop = StopSignal.install()) {
            Path video = file == null ? DefaultClip.in(directory, quiet.err(), quiet.progress()) : file;
            VideoInfo info = describe(video);
            boolean views = !windowless && Display.isThere();
            out.println("Playing " + video + ": " + info + (views ? "" : ", without a window"));
            out.flush();
            Files.deleteIfExists(last);
            JobResult result =
                    new MainJob(program(), video, format.toString(), last, !unverified, views, quiet.isOn()).run(stop);
            new JobTable(out).print(result, info, format, !unverified);
            if (Files.exists(last)) {
                out.println("Last frame received: " + last);
            }
            return result.isSuccess() ? 0 : 1;
        }
    }

    /** Returns the class with the main method of the commands, to run others of them. */
    private String program() {
        return spec.root().userObject().getClass().getName();
    }

    private static VideoInfo describe(Path video) throws Exception {
        try (VideoDecoder film = VideoDecoder.open(video)) {
            return film.info();
        }
    }
}
