/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.surfaces;

import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.ffmpeg.Picture;
import io.machframe.surface.ffmpeg.PixelLayout;
import io.machframe.surface.format.PixelFormat;
import java.util.Optional;

/** Locked surfaces as the pictures that the video code reads and writes. */
public final class SurfacePicture {
    private SurfacePicture() {}

    /** Returns the pixel format of surfaces with pictures of a layout. */
    public static PixelFormat format(PixelLayout layout) {
        return PixelFormat.of(layout.code());
    }

    /** Returns the layout of a pixel format, or nothing if it is not one of those. */
    public static Optional<PixelLayout> layout(PixelFormat format) {
        return PixelLayout.ofCode(format.toString());
    }

    /** Returns a view of a locked surface's memory, to be used under the lock only. */
    public static Picture of(SurfaceLock lock, PixelLayout layout) {
        PlaneBuffer first = lock.plane(0);
        if (layout.planeCount() == 1) {
            return Picture.of(layout, first.width(), first.height(), first.bytes(), first.bytesPerRow());
        }
        PlaneBuffer chroma = lock.plane(1);
        return Picture.of(
                layout,
                first.width(),
                first.height(),
                first.bytes(),
                first.bytesPerRow(),
                chroma.bytes(),
                chroma.bytesPerRow());
    }
}
