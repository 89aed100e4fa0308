/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

/**
 * What is going on in the stream that is shown.
 *
 * @param width pixels in a row of the last frame
 * @param height rows of the last frame
 * @param format four-character code of the last frame's pixels
 * @param framesPerSecond the rate at which frames came in the last second
 * @param handOffNanos the median time in the last second from publishing a frame to having received it; 0 when none came
 * @param received frames received since the stream was joined
 * @param skipped frames published since then but not shown, as there was a newer one already
 */
public record StreamStatus(
        int width, int height, String format, double framesPerSecond, long handOffNanos, long received, long skipped) {
    /** The status before the first frame. */
    public static final StreamStatus NONE = new StreamStatus(0, 0, "", 0, 0, 0, 0);

    /** Returns the same without what was measured in the last second. */
    StreamStatus stopped() {
        return new StreamStatus(width, height, format, 0, 0, received, skipped);
    }
}
