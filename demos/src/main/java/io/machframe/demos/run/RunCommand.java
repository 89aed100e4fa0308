/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.run;

import io.machframe.demos.bench.BenchCommand;
import io.machframe.demos.list.ListCommand;
import io.machframe.demos.messageport.MessagePortCommand;
import io.machframe.demos.process.StopSignal;
import io.machframe.demos.publish.LayoutOption;
import io.machframe.demos.publish.PublishCommand;
import io.machframe.demos.view.Display;
import io.machframe.demos.view.ViewCommand;
import io.machframe.demos.watch.WatchCommand;
import io.machframe.surface.ffmpeg.PixelLayout;
import io.machframe.surface.ffmpeg.VideoInfo;
import io.machframe.surface.ffmpeg.VideoReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code demos/run}: the main job, and the way to all other programs. */
@Command(
        name = "demos/run",
        subcommands = {
            PublishCommand.class,
            WatchCommand.class,
            ViewCommand.class,
            ListCommand.class,
            MessagePortCommand.class,
            BenchCommand.class
        },
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Shares the frames of a video between processes without copying them.",
            "",
            "Without a command: decodes FILE in one process, receives its frames in another, which checks every"
                    + " pixel, shows them in a window if there is a display, and tells what it cost.",
            ""
        },
        commandListHeading = "%nThe same pieces one by one, for several terminals:%n",
        footer = {
            "",
            "demos/run COMMAND --help tells about each. The exit status is 0 for success, 1 for failure, 2 for wrong"
                    + " arguments."
        })
public final class RunCommand implements Callable<Integer> {
    /** Tells where the demos keep what they make. */
    private static final String DIRECTORY = "machframe.demos.directory";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli shows the help by itself
    private boolean help;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "A video, anything that FFmpeg reads. Default: a test clip, which is made once.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = LayoutOption.class,
            defaultValue = "bgra",
            description = "The pixels: bgra, 420v or 420f. Default: ${DEFAULT-VALUE}.")
    private PixelLayout layout = PixelLayout.BGRA;

    @Option(names = "--png", paramLabel = "OUT", description = "Where to leave the last frame received.")
    private @Nullable Path png;

    @Option(names = "--no-verify", description = "Do not check the pixels: the watcher has nothing to decode.")
    private boolean unverified;

    @Option(names = "--no-window", description = "Open no window, even if there is a display.")
    private boolean windowless;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public RunCommand() {}

    @Override
    public Integer call() throws Exception {
        Path directory = Path.of(System.getProperty(DIRECTORY, "demos/target"));
        Path last = png == null ? directory.resolve("last-frame.png") : png;
        PrintWriter out = spec.commandLine().getOut();
        try (StopSignal stop = StopSignal.install()) {
            Path video = file == null ? DefaultClip.in(directory) : file;
            VideoInfo info = describe(video);
            boolean views = !windowless && Display.isThere();
            out.println("Playing " + video + ": " + info + (views ? "" : ", without a window"));
            out.flush();
            Files.deleteIfExists(last);
            JobResult result = new MainJob(video, layout.code(), last, !unverified, views).run(stop);
            new JobTable(out).print(result, info, layout, !unverified);
            if (Files.exists(last)) {
                out.println("Last frame received: " + last);
            }
            return result.isSuccess() ? 0 : 1;
        }
    }

    private static VideoInfo describe(Path video) throws Exception {
        try (VideoReader reader = VideoReader.open(video)) {
            return reader.info();
        }
    }
}
