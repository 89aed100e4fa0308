/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.surface.property.SurfaceKey;
import java.util.List;
import java.util.Map;

/**
 * The shape of a surface as its control block has it.
 *
 * @param flags of the constants here
 * @param planes at least one
 * @param allocSize bytes after the control block's page that belong to the surface
 */
record StoredLayout(
        int flags, int pixelFormat, int subsampling, int width, int height, List<StoredPlane> planes, long allocSize) {
    /** The planes are planes in the sense of C. */
    static final int PLANAR = 1;

    /** A GPU may not take elements for pixels of another size. */
    static final int NO_CASTING = 2;

    /** Anybody of the user may ask for the surface by its id. */
    static final int GLOBAL = 4;

    /** The surface's bytes are in another memory than this description. */
    static final int SEPARATE = 8;

    /** The most bytes. */
    private static final long MAX_SIZE = SharedMemory.MAX_SIZE / 2;

    StoredLayout {
        planes = List.copyOf(planes);
    }

    static StoredLayout of(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes) {
        long allocSize = StoredPlane.wide(properties, SurfaceKey.ALLOC_SIZE, -1);
        int width = StoredPlane.number(properties, SurfaceKey.WIDTH, 0);
        int height = StoredPlane.number(properties, SurfaceKey.HEIGHT, 0);
        int pixelFormat = (int) StoredPlane.wide(properties, SurfaceKey.PIXEL_FORMAT, 0);
        int subsampling = StoredPlane.number(properties, SurfaceKey.SUBSAMPLING, 0);
        int flags = (planes.isEmpty() ? 0 : PLANAR)
                | (Boolean.FALSE.equals(properties.get(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED)) ? NO_CASTING : 0)
                | (Boolean.TRUE.equals(properties.get(SurfaceKey.IS_GLOBAL)) ? GLOBAL : 0);
        List<StoredPlane> stored = planes.isEmpty()
                ? List.of(StoredPlane.ofSurface(properties, allocSize))
                : planes.stream().map(StoredPlane::ofPlane).toList();
        return new StoredLayout(flags, pixelFormat, subsampling, width, height, stored, allocSize);
    }

    /** Returns the same shape of bytes that are in another memory. */
    StoredLayout separate() {
        return new StoredLayout(flags | SEPARATE, pixelFormat, subsampling, width, height, planes, allocSize);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean planar() {
        return has(PLANAR);
    }

    /** Returns whether the numbers fit together. Trusts none of them. */
    boolean makesSense() {
        if (allocSize < 1 || allocSize > MAX_SIZE || planes.size() > ControlBlock.MAX_PLANES) {
            return false;
        }
        if (width < 0 || height < 0 || (width == 0) != (height == 0) || (planar() && width == 0)) {
            return false;
        }
        for (StoredPlane plane : planes) {
            if (!plane.makesSense(allocSize) || (plane.width() == 0) != (width == 0)) {
                return false;
            }
        }
        return planar() || (planes.get(0).width() == width && planes.get(0).height() == height);
    }

    /** Returns the bytes after the control block's page to allocate; only for a layout that makes sense. */
    long paddedSize() {
        if (has(SEPARATE)) {
            return 0;
        }
        long size = allocSize;
        for (StoredPlane plane : planes) {
            size = Math.max(size, plane.paddedEnd());
        }
        return size;
    }

    /** Returns where the attachments begin, from the start of the memory; only for a layout that makes sense. */
    long attachmentsAt() {
        return (ControlBlock.SIZE + paddedSize() + ControlBlock.SIZE - 1) & -ControlBlock.SIZE;
    }

    /** Returns the bytes of memory needed for everything; only for a layout that makes sense. */
    long memorySize() {
        return attachmentsAt() + AttachmentStore.SIZE;
    }
}
