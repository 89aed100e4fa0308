/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.HdrMetadata;

/**
 * What a file says of one picture. Each picture of a file may say something else. Numbers of H.273 are given by the names
 * that FFmpeg has for them; what the file does not tell is {@code unknown}.
 *
 * @param width as the picture is meant to be seen: cropped, upright, in square pixels
 * @param height likewise
 * @param codedWidth as it was coded, before all of that
 * @param codedHeight likewise
 * @param pixelFormat as it was decoded, for example {@code yuv420p10le}
 * @param matrix of luma and chroma, for example {@code bt709}
 * @param range {@code tv}, {@code pc}
 * @param transfer for example {@code smpte2084}
 * @param primaries for example {@code bt2020}
 * @param chromaLocation for example {@code left}
 * @param fields how a picture of two fields is to be shown
 * @param hasAlpha whether its pixels may be transparent
 * @param hdr what is told of high dynamic range
 */
public record PictureDescription(
        int width,
        int height,
        int codedWidth,
        int codedHeight,
        String pixelFormat,
        String matrix,
        String range,
        String transfer,
        String primaries,
        String chromaLocation,
        Fields fields,
        boolean hasAlpha,
        HdrMetadata hdr) {
    /** The fields of an interlaced picture. */
    public enum Fields {
        /** The rows are of one moment. */
        PROGRESSIVE,
        /** The rows 0, 2, 4 are of an earlier moment than the others. */
        TOP_FIRST,
        /** The rows 1, 3, 5 are of an earlier moment than the others. */
        BOTTOM_FIRST
    }
}
