/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import java.nio.ByteBuffer;

/** Locked surfaces as memory to draw into. */
final class SurfaceRaster {
    private SurfaceRaster() {}

    /** Returns a view of a locked surface's planes, to be used under the lock only. */
    static Raster of(TargetFormat format, Surface surface, SurfaceLock lock) {
        int count = format.planeCount();
        ByteBuffer[] planes = new ByteBuffer[count];
        int[] strides = new int[count];
        for (int i = 0; i < count; i++) {
            PlaneBuffer plane = lock.plane(i);
            planes[i] = plane.bytes();
            strides[i] = plane.bytesPerRow();
        }
        return new Raster(format, surface.width(), surface.height(), planes, new int[count], strides);
    }
}
