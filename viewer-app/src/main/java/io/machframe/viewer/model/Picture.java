/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.nio.IntBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A frame ready to be drawn: opaque pixels {@code 0xffRRGGBB} that stay as they are until it is closed.
 *
 * <p>Pictures that follow each other in the same memory have the same {@link #pixels} object, and pictures of one
 * connection and size the same {@link #series}: a view may keep what it derives from the first as long as the second
 * lasts.
 */
public final class Picture implements AutoCloseable {
    private final Object series;
    private final IntBuffer pixels;
    private final int pixelsPerRow;
    private final int width;
    private final int height;
    private final AtomicReference<@Nullable Runnable> release;

    Picture(Object series, IntBuffer pixels, int pixelsPerRow, int width, int height, Runnable release) {
        this.series = series;
        this.pixels = pixels;
        this.pixelsPerRow = pixelsPerRow;
        this.width = width;
        this.height = height;
        this.release = new AtomicReference<>(release);
    }

    /** Returns an object that all pictures of one connection and size share. */
    public Object series() {
        return series;
    }

    /** Returns the pixels, the first at index 0; not to be written. */
    public IntBuffer pixels() {
        return pixels;
    }

    /** Returns the ints from one row to the next, at least {@link #width}. */
    public int pixelsPerRow() {
        return pixelsPerRow;
    }

    /** Returns the number of pixels in a row. */
    public int width() {
        return width;
    }

    /** Returns the number of rows. */
    public int height() {
        return height;
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
