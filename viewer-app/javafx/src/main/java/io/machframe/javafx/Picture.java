/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.surface.property.Orientation;
import java.nio.IntBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The part of a frame that is to be shown, ready to be drawn: pixels {@code 0xAARRGGBB}, with the colours multiplied by alpha,
 * that stay as they are until it is closed.
 *
 * <p>Pictures that follow each other in the same memory have the same {@link #pixels} object, and pictures
 * that look alike but for their pixels the same {@link #series}: a view may keep what it derives from the first as long as the second
 * lasts.
 */
final class Picture implements AutoCloseable {
    private final Object series;
    private final IntBuffer pixels;
    private final int pixelsPerRow;
    private final int width;
    private final int height;
    private final int thickness;
    private final Orientation orientation;
    private final AtomicReference<@Nullable Runnable> release;

    Picture(
            Object series,
            IntBuffer pixels,
            int pixelsPerRow,
            int width,
            int height,
            int thickness,
            Orientation orientation,
            Runnable release) {
        this.series = series;
        this.pixels = pixels;
        this.pixelsPerRow = pixelsPerRow;
        this.width = width;
        this.height = height;
        this.thickness = thickness;
        this.orientation = orientation;
        this.release = new AtomicReference<>(release);
    }

    /** Returns an object that all pictures share which follow each other and are of one size and orientation. */
    Object series() {
        return series;
    }

    /** Returns the pixels, the first at index 0; not to be written. */
    IntBuffer pixels() {
        return pixels;
    }

    /** Returns the ints from one row to the next, at least {@link #width}. */
    int pixelsPerRow() {
        return pixelsPerRow;
    }

    /** Returns the number of pixels in a row. */
    int width() {
        return width;
    }

    /** Returns the number of rows. */
    int height() {
        return height;
    }

    /** Returns how many pixels each of the frame's is wide and high here. */
    int thickness() {
        return thickness;
    }

    /** Returns the number of pixels in a row of the frame. */
    int frameWidth() {
        return width / thickness;
    }

    /** Returns the number of rows of the frame. */
    int frameHeight() {
        return height / thickness;
    }

    /** Returns how it is to be turned, before the user turns it. */
    Orientation orientation() {
        return orientation;
    }

    /** Lets the pixels be overwritten. May be called from any thread, and more than once. */
    @Override
    public void close() {
        Runnable once = release.getAndSet(null);
        if (once != null) {
            once.run();
        }
    }
}
