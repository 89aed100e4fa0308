/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.core.error.MachException;
import io.machframe.demos.process.ProcessorTime;
import io.machframe.demos.process.StopSignal;
import io.machframe.demos.surfaces.SurfacePicture;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.ffmpeg.FrameScaler;
import io.machframe.surface.ffmpeg.PixelLayout;
import io.machframe.surface.ffmpeg.VideoException;
import io.machframe.surface.ffmpeg.VideoReader;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameServer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Decodes a file, picture by picture, straight into a server's surfaces and publishes each at its time. */
final class Publisher {
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final VideoReader reader;
    private final FrameServer server;
    private final PixelLayout layout;
    private final boolean loop;
    private final Pace pace = new Pace();
    private final ProcessorTime processor = new ProcessorTime();
    private final Set<Integer> surfaces = new TreeSet<>();
    private long published;
    private long started;
    private long ended;

    Publisher(VideoReader reader, FrameServer server, PixelLayout layout, boolean loop) {
        this.reader = reader;
        this.server = server;
        this.layout = layout;
        this.loop = loop;
    }

    /** Publishes every picture of the file, over and over if it shall loop, until the end or the signal. */
    void play(StopSignal stop) throws VideoException, MachException, InterruptedException {
        processor.restart();
        started = System.nanoTime();
        try (FrameScaler scaler = FrameScaler.open()) {
            while (!stop.isRaised() && advance()) {
                publish(scaler, stop);
            }
        } finally {
            ended = System.nanoTime();
        }
    }

    /** Returns what was done so far. */
    PublishFigures figures() {
        return new PublishFigures(published, processor.nanos(), ended - started, Set.copyOf(surfaces));
    }

    private boolean advance() throws VideoException {
        if (reader.next()) {
            return true;
        }
        if (!loop) {
            return false;
        }
        reader.rewind();
        return reader.next();
    }

    private void publish(FrameScaler scaler, StopSignal stop)
            throws VideoException, MachException, InterruptedException {
        FrameDraft free = server.tryAcquire(PATIENCE);
        while (free == null && !stop.isRaised()) {
            free = server.tryAcquire(PATIENCE);
        }
        if (free == null) {
            return;
        }
        try (FrameDraft draft = free) {
            Surface surface = draft.surface();
            if (surfaces.add(surface.id()) && layout.planeCount() == 2) {
                surface.attachments().set(reader.info().matrix());
            }
            try (SurfaceLock lock = draft.lock()) {
                scaler.draw(reader, SurfacePicture.of(lock, layout));
            }
            pace.await(reader.ptsNanos(), stop);
            if (!stop.isRaised()) {
                draft.publish(reader.ptsNanos());
                published++;
            }
        }
    }
}
