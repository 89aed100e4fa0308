/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;

/**
 * A frame that is being drawn. Publish it, or close it to give its surface back unseen; closing after publishing does
 * nothing. For one thread.
 */
public final class FrameDraft implements AutoCloseable {
    private final FrameServer server;
    private final Surface surface;
    private boolean done;

    FrameDraft(FrameServer server, Surface surface) {
        this.server = server;
        this.surface = surface;
    }

    /**
     * Returns the surface to draw into, under its lock, until the draft is published or closed. No client reads it. It
     * holds what an earlier frame left there.
     */
    public Surface surface() {
        return surface;
    }

    /** Locks the surface for drawing, as {@link Surface#lock}. */
    public SurfaceLock lock() {
        return surface.lock();
    }

    /**
     * Hands the frame to the clients.
     *
     * @param ptsNanos when the frame is to be shown, nanoseconds from the start of the stream
     */
    public void publish(long ptsNanos) {
        if (done) {
            throw new IllegalStateException("the draft was published or closed");
        }
        done = true;
        server.publish(ptsNanos);
    }

    @Override
    public void close() {
        if (!done) {
            done = true;
            server.giveBack();
        }
    }
}
