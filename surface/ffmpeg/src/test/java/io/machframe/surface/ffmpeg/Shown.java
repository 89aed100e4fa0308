/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.io.IOException;

/** A surface that pictures are drawn into, and how it is shown. */
final class Shown implements AutoCloseable {
    private final IOSurface surface;
    private final SurfacePixels pixels;

    Shown(PixelFormat format, int width, int height) throws IOException {
        surface = IOSurface.create(SurfaceProperties.of(width, height, format));
        pixels = SurfacePixels.open();
    }

    IOSurface surface() {
        return surface;
    }

    SurfacePixels pixels() {
        return pixels;
    }

    /** Draws the present picture and returns its pixels, {@code 0xaarrggbb}. */
    int[] draw(VideoDecoder film) throws IOException {
        film.draw(surface);
        return pixels.read(surface).clone();
    }

    @Override
    public void close() {
        pixels.close();
        surface.close();
    }
}
