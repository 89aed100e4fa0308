/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

/**
 * Statistics of the stream that is shown.
 *
 * @param format size and pixel format, such as {@code 1920x1080 BGRA}; empty if there is no stream
 * @param framesPerSecond the rate at which frames came in the last second
 * @param latencyNanos the median time in the last second from publishing a frame to having received it; 0 if none came
 * @param received frames received since the stream was joined
 * @param skipped frames published since then but not shown, as there was a newer one already
 */
public record StreamStatistics(String format, double framesPerSecond, long latencyNanos, long received, long skipped) {
    /** The statistics when there is no stream. */
    public static final StreamStatistics NONE = new StreamStatistics("", 0, 0, 0, 0);
}
