/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.property.Orientation;
import org.bytedeco.ffmpeg.avutil.AVContentLightMetadata;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVMasteringDisplayMetadata;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/** What stands beside the pixels of a decoded frame. */
final class SideData {
    private static final int CHROMATICITY_UNITS = 50_000;
    private static final int LUMINANCE_UNITS = 10_000;

    private SideData() {}

    /**
     * Returns how a picture has to be turned to stand upright, as cameras note it that were held sideways: as a matrix that
     * takes a pixel's place to its place on the screen.
     */
    static Orientation orientation(AVFrame frame) {
        AVFrameSideData noted = find(frame, avutil.AV_FRAME_DATA_DISPLAYMATRIX);
        if (noted == null) {
            return Orientation.UP;
        }
        IntPointer matrix = new IntPointer(noted.data());
        return Orientation.of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
    }

    /** Returns what a film of high dynamic range tells of the display that it was made on, and of its brightest light. */
    static HdrMetadata hdr(AVFrame frame) {
        AVFrameSideData display = find(frame, avutil.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
        AVFrameSideData light = find(frame, avutil.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
        if (display == null && light == null) {
            return HdrMetadata.NONE;
        }
        int[] xy = new int[8];
        int[] luminance = new int[2];
        if (display != null) {
            AVMasteringDisplayMetadata mastering = new AVMasteringDisplayMetadata(display.data());
            for (int i = 0; mastering.has_primaries() != 0 && i < xy.length; i++) {
                AVRational value = i < 6 ? mastering.display_primaries(i / 2, i % 2) : mastering.white_point(i % 2);
                xy[i] = units(value, CHROMATICITY_UNITS);
            }
            if (mastering.has_luminance() != 0) {
                luminance[0] = units(mastering.max_luminance(), LUMINANCE_UNITS);
                luminance[1] = units(mastering.min_luminance(), LUMINANCE_UNITS);
            }
        }
        AVContentLightMetadata level = light == null ? null : new AVContentLightMetadata(light.data());
        return new HdrMetadata(
                xy[0],
                xy[1],
                xy[2],
                xy[3],
                xy[4],
                xy[5],
                xy[6],
                xy[7],
                luminance[0],
                luminance[1],
                level == null ? 0 : level.MaxCLL(),
                level == null ? 0 : level.MaxFALL());
    }

    private static @Nullable AVFrameSideData find(AVFrame frame, int kind) {
        AVFrameSideData data = avutil.av_frame_get_side_data(frame, kind);
        return data == null || data.isNull() ? null : data;
    }

    private static int units(AVRational value, int unitsPerOne) {
        return value.den() == 0 ? 0 : (int) Math.round((double) value.num() / value.den() * unitsPerOne);
    }
}
