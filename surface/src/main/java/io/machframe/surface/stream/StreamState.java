/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.IOSurface;
import io.machframe.surface.stream.link.StreamPage;
import io.machframe.surface.stream.pool.SurfacePool;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What those who make up a stream at its publisher share. {@link #lock} guards all of it, and all of {@link Audience} and
 * {@link Drafts}; it is never held while a surface is made or closed.
 */
final class StreamState {
    final String name;
    final FrameServer.Settings settings;
    final StreamPage page;
    final SurfacePool pool;
    final Audience audience;
    final ReentrantLock lock = new ReentrantLock();

    /** A frame was taken or released, a surface became free, a client went, or the stream was closed. */
    final Condition changed = lock.newCondition();

    /** What the frames of the next drafts look like. */
    FrameFormat format;

    /** How many frames were published, and so the number of the next. */
    long published;

    boolean closed;

    StreamState(String name, FrameServer.Settings settings, StreamPage page) {
        this.name = name;
        this.settings = settings;
        this.page = page;
        this.format = settings.format();
        this.audience = new Audience(this);
        this.pool =
                new SurfacePool(settings.minSurfaces(), settings.maxSurfaces(), StreamPage.MAX_SLOTS, audience::holds);
    }

    void requireOpen() {
        if (closed) {
            throw isClosed();
        }
    }

    IllegalStateException isClosed() {
        return new IllegalStateException("the stream \"" + name + "\" is closed");
    }

    /** Takes out the surfaces that are not needed any more. The caller closes them, without the lock. */
    List<IOSurface> takeUnused() {
        return closed ? pool.clear() : pool.trim(published);
    }

    /** Once the last client of a closed stream is gone nothing is left to serve. */
    void disposeIfDone() {
        if (closed && audience.isEmpty()) {
            page.close();
        }
    }
}
