/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.time.Duration;
import java.util.Locale;

/**
 * What a video file says of itself.
 *
 * @param width of the first picture, upright, in square pixels: more than are coded if the file says that its are wider
 * @param height of the first picture, likewise
 * @param frameRate in frames per second; 0 if the file does not tell
 * @param duration zero if the file does not tell
 * @param container the name of the file's format
 * @param codec the short name of the coding, for example {@code h264}
 */
public record VideoInfo(int width, int height, double frameRate, Duration duration, String container, String codec) {
    /** Returns about how many frames there are; 0 if the file does not tell. */
    public long expectedFrames() {
        return Math.round(frameRate * duration.toNanos() / 1e9);
    }

    /** Returns all of it in a few words. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(width).append('x').append(height).append(' ').append(codec);
        if (frameRate > 0) {
            text.append(String.format(Locale.ROOT, ", %.4g fps", frameRate));
        }
        if (!duration.isZero()) {
            text.append(String.format(Locale.ROOT, ", %.1f s", duration.toMillis() / 1e3));
        }
        return text.append(" (").append(container).append(')').toString();
    }
}
