/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.memory.ExportedMemory;
import java.util.List;

/**
 * Memory for pixels that processes share: what its user may do with it, whoever owns it. An {@link IOSurface} is owned by
 * its holder, who closes it; a frame of a stream only lends its surface.
 *
 * <p>The layout never changes. The bytes are read and written between {@link #lock} and the end of that lock.
 *
 * <p><b>Threads.</b> Thread-safe. When the owner has closed the surface every method throws {@link IllegalStateException}.
 */
public interface Surface {
    /** Returns the number that this surface, and no other that lives now, has in all processes. Never 0. */
    int id();

    /** Returns where everything in its memory is. */
    SurfaceLayout layout();

    /** Returns the width in pixels; 0 for memory without dimensions. */
    default int width() {
        return layout().width();
    }

    /** Returns the height in pixels; 0 for memory without dimensions. */
    default int height() {
        return layout().height();
    }

    /** Returns the pixel format; {@link PixelFormat#NONE} if its maker set none. */
    default PixelFormat pixelFormat() {
        return layout().format();
    }

    /** Returns the planes, at least one: a surface that is not planar has one here, which is all of it. */
    default List<Plane> planes() {
        return layout().planes();
    }

    /**
     * Returns one of {@link #planes}.
     *
     * @throws IndexOutOfBoundsException if there is no such plane
     */
    default Plane plane(int index) {
        return planes().get(index);
    }

    /** Returns the values attached to it; usable until it is closed. */
    Attachments attachments();

    /** Returns how often any process unlocked the surface after writing, modulo 2<sup>32</sup>. {@code IOSurfaceGetSeed}. */
    int seed();

    /** Returns whether its bytes can only be read through this object. */
    boolean isReadOnly();

    /**
     * Begins to read, or write, the bytes with the CPU. {@code IOSurfaceLock}. Locks nest.
     *
     * @throws IllegalStateException if the surface is closed, or the system cannot lock it, as with
     *     {@link LockOption#AVOID_SYNC} while its contents are in a GPU, or on Linux if another process took its bytes away
     *     and there is no memory for others
     * @throws UnsupportedOperationException if its format is {@linkplain PixelFormat#isCompressed compressed}
     */
    SurfaceLock lock(LockOption... options);

    /**
     * Opens the memory of this surface, and says how the picture lies in it, for programs and libraries that know nothing
     * of surfaces but take a file descriptor: GStreamer, PipeWire, V4L2, OpenGL and others.
     *
     * <p>As long as the descriptor, a copy of it in any process, or a mapping made by it exists, the surface is in use,
     * if its memory was made by this library. Its holders may write the pixels, unless the kernel keeps this process from
     * it, as it does from those of frames.
     *
     * @return the caller's to close
     * @throws SurfaceException {@code KERN_NO_SPACE} or {@code KERN_RESOURCE_SHORTAGE}: no space for another descriptor;
     *     {@code KERN_NOT_SUPPORTED} where there is no {@link SurfaceCapability#MEMORY_SHARING}
     */
    ExportedMemory exportMemory() throws SurfaceException;

    /**
     * Returns the {@code IOSurfaceRef} of this surface, for calls to libraries of macOS that take one; 0 on other systems,
     * where there is none. It is good until the surface's owner closes it.
     */
    long reference();
}
