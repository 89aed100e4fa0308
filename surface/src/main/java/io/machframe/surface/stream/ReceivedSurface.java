/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.IOSurface;

/** A surface of the server's pool in a client, held by the client while it is connected and by each frame in it. */
final class ReceivedSurface {
    private final IOSurface surface;
    private int holders = 1;

    /** Takes over the surface, for the client. */
    ReceivedSurface(IOSurface surface) {
        this.surface = surface;
    }

    IOSurface surface() {
        return surface;
    }

    /** A frame in it was taken: it is in use. */
    synchronized void use() throws MachException {
        surface.incrementUseCount();
        holders++;
    }

    synchronized void giveBack() {
        surface.decrementUseCount();
        drop();
    }

    /** The client is done with it. */
    synchronized void drop() {
        if (--holders == 0) {
            surface.close();
        }
    }
}
