/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;

/**
 * What a surface's control block says for its life, and what follows for its memory.
 *
 * @param layout valid
 * @param flags of the constants here
 */
record SurfaceDescription(SurfaceLayout layout, int flags) {
    /** The planes are planes in the sense of C. */
    static final int PLANAR = 1;

    /** A GPU may not take elements for pixels of another size. */
    static final int NO_CASTING = 2;

    /** Every process of the user may ask for the surface by its id. */
    static final int GLOBAL = 4;

    /** The surface's bytes are in another memory than this description. */
    static final int SEPARATE = 8;

    /** The most bytes of a surface. */
    private static final long MAX_SIZE = SharedMemory.MAX_SIZE / 2;

    /** Software GL draws in blocks of this many rows, also past the last one. */
    private static final int BLOCK_ROWS = 4;

    /**
     * Describes a new surface.
     *
     * @param separate whether its bytes are in another memory
     * @throws SurfaceException {@code KERN_INVALID_ARGUMENT} if it is too large
     */
    static SurfaceDescription of(SurfaceLayout layout, SurfaceProperties options, boolean separate)
            throws SurfaceException {
        int flags = (layout.planar() ? PLANAR : 0)
                | (options.isPixelSizeCastingAllowed() ? 0 : NO_CASTING)
                | (options.isGlobal() ? GLOBAL : 0)
                | (separate ? SEPARATE : 0);
        try {
            return new SurfaceDescription(layout, flags).requireValid();
        } catch (IllegalArgumentException e) {
            throw new SurfaceException(
                    "IOSurfaceCreate", KernReturn.KERN_INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }

    /** Throws {@link IllegalArgumentException} unless the layout is valid and not too large. */
    SurfaceDescription requireValid() {
        layout.requireValid();
        if (layout.allocSize() > MAX_SIZE) {
            throw new IllegalArgumentException("a surface has " + layout.allocSize() + " bytes, at most " + MAX_SIZE);
        }
        return this;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Returns where the attachments begin, from the start of the memory. */
    long attachmentsAt() {
        return (ControlBlock.SIZE + paddedSize() + ControlBlock.SIZE - 1) & -ControlBlock.SIZE;
    }

    /** Returns the bytes of memory needed indefinitelyything. */
    long memorySize() {
        return attachmentsAt() + AttachmentStore.SIZE;
    }

    /** Returns the bytes after the control block's page to allocate, with the rows that software GL may touch. */
    private long paddedSize() {
        if (has(SEPARATE)) {
            return 0;
        }
        long size = layout.allocSize();
        for (Plane plane : layout.planes()) {
            long rows = (plane.rows() + BLOCK_ROWS - 1) / BLOCK_ROWS * BLOCK_ROWS;
            size = Math.max(size, plane.offset() + plane.bytesPerRow() * rows);
        }
        return size;
    }
}
