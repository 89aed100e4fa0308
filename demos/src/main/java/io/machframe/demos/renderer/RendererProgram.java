/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import io.machframe.core.error.MachException;
import io.machframe.demos.process.Report;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.gl.GlException;
import io.machframe.surface.gl.GlFrameTargets;
import io.machframe.surface.gl.GlInterop;
import io.machframe.surface.gl.GlPath;
import io.machframe.surface.gl.GlSurfaceTarget;
import io.machframe.surface.gl.HeadlessGl;
import io.machframe.surface.stream.ClientListener;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import io.machframe.surface.stream.StreamClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The process that draws. It is steered by messages of its clients, and ends with its standard input. */
final class RendererProgram implements ClientListener {
    /** The topic of the report that the stream can be connected to. */
    static final String OPEN = "open";

    /** The topic of the report at the end. */
    static final String DRAWN = "drawn";

    private static final Duration PATIENT = Duration.ofMillis(100);

    private volatile Controls controls;
    private long frames;
    private long nanos;
    private GlPath path = GlPath.COPY;

    private RendererProgram(Controls first) {
        this.controls = first;
    }

    /** Draws frames under a name, of some width and height, at most so many a second. */
    public static void main(String[] arguments) throws Exception {
        int width = Integer.parseInt(arguments[1]);
        int height = Integer.parseInt(arguments[2]);
        RendererProgram program = new RendererProgram(Controls.first(width, height));
        try {
            program.run(arguments[0], Integer.parseInt(arguments[3]));
        } catch (GlException | MachException e) {
            System.err.println("renderer: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run(String name, int framesPerSecond) throws Exception {
        try (StopSignal stop = StopSignal.install();
                HeadlessGl context = HeadlessGl.open()) {
            stop.followStandardInput(line -> {});
            GlInterop gl = GlInterop.ofCurrentContext();
            // As a memory object only RGBA is drawn without a copy; elsewhere BGRA is what windows show as it is.
            PixelFormat pixels = gl.path() == GlPath.MEMORY_OBJECT ? PixelFormat.RGBA : PixelFormat.BGRA;
            try (FrameServer server = FrameServer.builder(name)
                            .format(FrameFormat.of(controls.width(), controls.height(), pixels))
                            .clients(ForkJoinPool.commonPool(), this)
                            .open();
                    KnotScene scene = new KnotScene();
                    GlFrameTargets targets = new GlFrameTargets(gl)) {
                System.out.println(Report.of(OPEN));
                draw(server, scene, targets, TimeUnit.SECONDS.toNanos(1) / framesPerSecond, stop);
            }
            System.out.println(report(context.renderer()));
        }
    }

    @Override
    public void message(StreamClient client, byte[] message) {
        Controls.decode(message).ifPresent(wanted -> controls = wanted);
    }

    private void draw(FrameServer server, KnotScene scene, GlFrameTargets targets, long interval, StopSignal stop)
            throws MachException, GlException, InterruptedException {
        long due = System.nanoTime();
        while (!stop.isRaised()) {
            Controls now = controls;
            FrameFormat format = server.format();
            if (format.width() != now.width() || format.height() != now.height()) {
                server.format(FrameFormat.of(now.width(), now.height(), format.pixelFormat()));
            }
            FrameDraft free = server.tryAcquire(PATIENT);
            if (free != null) {
                try (FrameDraft draft = free) {
                    draw(draft, now, scene, targets);
                }
            }
            due = Math.max(due + interval, System.nanoTime() - interval);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void draw(FrameDraft draft, Controls now, KnotScene scene, GlFrameTargets targets)
            throws GlException, SurfaceException {
        long start = System.nanoTime();
        GlSurfaceTarget target = targets.begin(draft);
        scene.draw(now, now.phaseAt(start));
        target.end();
        draft.captured(start);
        draft.publish();
        frames++;
        nanos += System.nanoTime() - start;
        path = target.path();
    }

    private Report report(String renderer) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("frames", Long.toString(frames));
        values.put("nanos", Long.toString(nanos));
        values.put("path", path.toString());
        values.put("renderer", renderer.replace(' ', '_'));
        return new Report(DRAWN, values);
    }
}
