/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

/**
 * What is going on in the stream that is shown.
 *
 * @param picture size and format for a reader
 * @param framesPerSecond the rate at which frames came in the last second
 * @param handOffNanos the median time in the last second from publishing a frame to having received it; 0 if none came
 * @param received frames received since the stream was joined
 * @param skipped frames published since then but not shown, as there was a newer one already
 */
public record StreamStatus(String picture, double framesPerSecond, long handOffNanos, long received, long skipped) {
    /** The status when there is no stream. */
    public static final StreamStatus NONE = new StreamStatus("", 0, 0, 0, 0);
}
