/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The receiving end of one stream of frames. Used by one thread. */
public interface FrameSource extends AutoCloseable {
    /**
     * Waits for a frame and returns the newest, which the caller closes; empty when none came in time.
     *
     * @throws EOFException if the stream ended or its publisher died
     * @throws IOException if the stream broke in another way
     */
    Optional<ReceivedFrame> receive(Duration timeout) throws IOException;

    /** Leaves the stream. Frames that are still open stay readable. */
    @Override
    void close();
}
