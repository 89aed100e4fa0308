/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.core.error.MachException;
import io.machframe.demos.process.ProcessorTime;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.ffmpeg.VideoException;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameServer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** Decodes a file, picture by picture, straight into a server's surfaces and publishes each at its time. */
final class Publisher {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final VideoDecoder film;
    private final FrameServer server;
    private final boolean loop;
    private final Pace pace = new Pace();
    private final ProcessorTime processor = new ProcessorTime();
    private final Set<Integer> surfaces = new TreeSet<>();

    private long published;
    private long started;
    private long ended;

    Publisher(VideoDecoder film, FrameServer server, boolean loop) {
        this.film = film;
        this.server = server;
        this.loop = loop;
    }

    /**
     * Publishes every picture of the file, over and over if it shall loop, until the last one has been shown for as long as
     * it is to be, or the signal is raised.
     */
    void play(StopSignal stop) throws VideoException, MachException, InterruptedException {
        processor.restart();
        started = System.nanoTime();
        try {
            while (!stop.isRaised() && advance()) {
                publish(stop);
            }
            pace.await(film.timestampNanos() + film.durationNanos(), stop);
        } finally {
            ended = System.nanoTime();
        }
    }

    /** Returns what was done so far. */
    PublishFigures figures() {
        return new PublishFigures(published, processor.nanos(), ended - started, Set.copyOf(surfaces));
    }

    private boolean advance() throws VideoException {
        if (film.next()) {
            return true;
        }
        if (!loop) {
            return false;
        }
        film.rewind();
        return film.next();
    }

    private void publish(StopSignal stop) throws VideoException, MachException, InterruptedException {
        FrameDraft free = server.tryAcquire(INTERVAL);
        while (free == null && !stop.isRaised()) {
            free = server.tryAcquire(INTERVAL);
        }
        if (free == null) {
            return;
        }
        try (FrameDraft draft = free) {
            surfaces.add(draft.surface().id());
            film.draw(draft);
            pace.await(film.timestampNanos(), stop);
            if (!stop.isRaised()) {
                draft.publish(film.timestampNanos());
                published++;
            }
        }
    }
}
