/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.core.error.MachException;
import io.machframe.demos.process.Quiet;
import io.machframe.demos.process.Report;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.ffmpeg.VideoInfo;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.ClientListener;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import io.machframe.surface.stream.StreamClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demos/run publish}. */
@Command(
        name = "publish",
        description = {
            "Decodes a video file into shared surfaces and publishes them under a name.",
            "",
            "Each frame is published at its time, whether or not it is watched; a watcher that is too slow skips frames."
                    + " Ends with the file, or at Ctrl-C. Stopped for more than a second and continued, it goes on where it was."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  demos/run publish camera film.mp4 --loop",
            "  demos/run publish camera film.mp4 --format 420v --wait 1"
        })
public final class PublishCommand implements Callable<Integer> {
    /** The topic of the report that the name can be connected to. */
    public static final String OPEN = "open";

    /** How long clients may take to fetch the last frame. */
    private static final Duration LAST_FRAME = Duration.ofSeconds(5);

    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    @Parameters(paramLabel = "NAME", description = "What to publish under: 1 to 100 bytes.")
    private String name = "";

    @Parameters(paramLabel = "FILE", description = "The video: anything that FFmpeg reads.")
    private Path file = Path.of("");

    @Option(names = "--loop", description = "Start again at the end of the file.")
    private boolean loop;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatOption.class,
            defaultValue = "bgra",
            description = "The pixels: bgra, 420v (half the memory, limited range), 420f (full range), x420 or xf20"
                    + " (ten bits, high dynamic range as it is). Default: ${DEFAULT-VALUE}.")
    private PixelFormat format = PixelFormat.BGRA;

    @Option(names = "--alpha", description = "Keep what is transparent so, in bgra. Otherwise pictures lie on black.")
    private boolean alpha;

    @Option(
            names = "--wait",
            paramLabel = "N",
            defaultValue = "0",
            description = "Start when N clients are connected, or after 15 seconds. Default: ${DEFAULT-VALUE}.")
    private int clients;

    /**
     * Used by {@code demos/run play}: tell the figures as reports, end with standard input. Each line of it is another
     * number of clients to wait for, as long as it takes.
     */
    @Option(names = "--report", hidden = true)
    private boolean reporting;

    private final Object counting = new Object();
    private int wanted;
    private int connected;

    @Mixin
    private Quiet quiet = new Quiet();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public PublishCommand() {}

    @Override
    public Integer call() throws Exception {
        if (alpha && !format.equals(PixelFormat.BGRA)) {
            throw new ParameterException(spec.commandLine(), "--alpha needs --format bgra");
        }
        PrintWriter out = reporting ? spec.commandLine().getOut() : quiet.out();
        want(clients);
        try (StopSignal stop = StopSignal.install();
                VideoDecoder film = VideoDecoder.open(file);
                FrameServer server = openServer(film.info())) {
            if (reporting) {
                stop.followStandardInput(line -> want(Integer.parseInt(line)));
                out.println(Report.of(OPEN));
            } else {
                out.println("Publishing \"" + name + "\": " + film.info() + " as " + server.format());
            }
            out.flush();
            film.keepAlpha(alpha);
            awaitClients(stop);
            publish(new Publisher(film, server, loop), stop, out);
            if (!stop.isRaised()) {
                server.finish(LAST_FRAME);
            }
        }
        return 0;
    }

    private FrameServer openServer(VideoInfo info) throws MachException {
        return FrameServer.builder(name)
                .format(FrameFormat.of(info.width(), info.height(), format))
                .application("machframe publish")
                .clients(ForkJoinPool.commonPool(), new Counter())
                .open();
    }

    private void awaitClients(StopSignal stop) throws InterruptedException {
        stop.onRaise(this::countAnew);
        long end = System.nanoTime() + LONGEST_WAIT_NANOS;
        synchronized (counting) {
            while (connected < wanted && !stop.isRaised()) {
                long millis = reporting ? 0 : TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis < 0 || (millis == 0 && !reporting)) {
                    return;
                }
                counting.wait(millis);
            }
        }
    }

    private void want(int more) {
        synchronized (counting) {
            wanted = more;
            counting.notifyAll();
        }
    }

    private void countAnew() {
        synchronized (counting) {
            counting.notifyAll();
        }
    }

    /** Counts the clients, told of each that comes and goes. */
    private final class Counter implements ClientListener {
        @Override
        public void connected(StreamClient client) {
            count(1);
        }

        @Override
        public void left(StreamClient client) {
            count(-1);
        }

        private void count(int more) {
            synchronized (counting) {
                connected += more;
                counting.notifyAll();
            }
        }
    }

    private void publish(Publisher publisher, StopSignal stop, PrintWriter out) throws Exception {
        try {
            publisher.play(stop);
        } finally {
            PublishFigures figures = publisher.figures();
            out.println(reporting ? figures.report() : figures.published() + " frames published");
            out.flush();
        }
    }
}
