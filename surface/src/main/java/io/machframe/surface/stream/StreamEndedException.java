/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;

/** A stream has no more frames: its server closed it, or ended. */
public final class StreamEndedException extends MachException {
    private static final long serialVersionUID = 1L;

    private final boolean closed;

    StreamEndedException(String stream, boolean closed) {
        super(
                "mach_msg",
                new KernReturn(KernReturn.MACH_SEND_INVALID_DEST),
                "the stream \"" + stream + "\" " + (closed ? "has ended" : "broke off: its publisher died"));
        this.closed = closed;
    }

    /** Returns whether the server said that the stream is over, rather than dying without a word. */
    public boolean wasClosed() {
        return closed;
    }
}
