/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

/** Whose names for pixel formats. */
public enum Dialect {
    /** Linux's {@code drm_fourcc.h}: four characters, the first in the lowest byte of the code. */
    DRM,
    /** FFmpeg's {@code AVPixelFormat}, as {@code av_get_pix_fmt_name} writes it. Says nothing of the range. */
    FFMPEG,
    /** GStreamer's {@code GstVideoFormat}, as caps have it. Says nothing of the range. */
    GSTREAMER,
    /** The constants of {@code javafx.scene.image.PixelFormat.Type}. */
    JAVAFX
}
