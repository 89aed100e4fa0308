/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.IOSurface;

/**
 * A frame that is being drawn. Publish it, or close it to give its surface back unseen; closing after publishing does
 * nothing. For one thread.
 */
public final class FrameDraft implements AutoCloseable {
    private final FrameServer server;
    private final IOSurface surface;
    private boolean done;

    FrameDraft(FrameServer server, IOSurface surface) {
        this.server = server;
        this.surface = surface;
    }

    /**
     * Returns the surface to draw into, under its lock. Nobody reads it. It holds what an earlier frame left there. It
     * stays the server's and must not be closed, nor written after the draft is published.
     */
    public IOSurface surface() {
        return surface;
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
