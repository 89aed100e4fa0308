/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.IOSurface;
import io.machframe.surface.Surface;

/** A surface of the server's pool in a client, held by the client while it is connected and by each frame in it. */
final class ReceivedSurface {
    private final IOSurface surface;
    private final Surface readOnly;
    private int holders = 1;

    /**
     * Takes over the surface, for the client.
     *
     * @throws MachException if its uses cannot be counted for want of a descriptor; later the count needs none
     */
    ReceivedSurface(IOSurface surface) throws MachException {
        this.surface = surface;
        this.readOnly = surface.asReadOnly();
        try {
            surface.incrementUseCount();
            surface.decrementUseCount();
        } catch (MachException e) {
            surface.close();
            throw e;
        }
    }

    IOSurface surface() {
        return surface;
    }

    /** What a frame lends. */
    Surface readOnly() {
        return readOnly;
    }

    /** A frame in it was taken, which ends with {@link #drop}. */
    synchronized void hold() {
        holders++;
    }

    /** The client, or a frame, is done with it. */
    synchronized void drop() {
        if (--holders == 0) {
            surface.close();
        }
    }
}
