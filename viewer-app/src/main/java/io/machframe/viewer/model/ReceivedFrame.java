/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.nio.ByteBuffer;

/**
 * One frame in shared memory. Nobody writes over it before it is closed; closing twice does nothing more. Its planes
 * stay readable until then even when its source is closed.
 */
public interface ReceivedFrame extends AutoCloseable {
    /** Returns the memory the frame lies in, for telling by identity whether two frames lie in the same. */
    Object memory();

    /** Returns the number of pixels in a row. */
    int width();

    /** Returns the number of rows. */
    int height();

    /** Returns the four-character code of the pixels, such as {@code BGRA} or {@code 420v}. */
    String format();

    /** Returns the bytes from one row of a plane to the next. */
    int bytesPerRow(int plane);

    /** Returns the bytes of a plane, the first at index 0. */
    ByteBuffer plane(int plane);

    /** Returns the place of the frame in its stream: what is missing between two frames was skipped. */
    long sequence();

    /** Returns when the frame was published, on the clock of {@link System#nanoTime}. */
    long publishedNanos();

    /** Gives the memory back to the one who publishes. */
    @Override
    void close();
}
