/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;

/**
 * How a decoded picture has to be turned to stand upright, as cameras note it that were held sideways.
 *
 * <p>A file tells it as a matrix that takes a pixel's place to its place on the screen: {@code x' = a x + c y} and
 * {@code y' = b x + d y}, both downwards and to the right. Only quarter turns and mirrorings are meant by that.
 */
enum Orientation {
    UPRIGHT(""),
    MIRRORED("hflip"),
    UPSIDE_DOWN("hflip,vflip"),
    FLIPPED("vflip"),
    TRANSPOSED("transpose=dir=cclock_flip"),
    QUARTER_RIGHT("transpose=dir=clock"),
    QUARTER_LEFT("transpose=dir=cclock"),
    TRANSPOSED_OTHERWISE("transpose=dir=clock_flip");

    private final String filters;

    Orientation(String filters) {
        this.filters = filters;
    }

    /** Returns the FFmpeg filters that turn such a picture upright; empty if it is. */
    String filters() {
        return filters;
    }

    static Orientation of(AVFrame frame) {
        AVFrameSideData noted = avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_DISPLAYMATRIX);
        return noted == null || noted.isNull() ? UPRIGHT : of(new IntPointer(noted.data()));
    }

    private static Orientation of(IntPointer matrix) {
        return of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
    }

    static Orientation of(int a, int b, int c, int d) {
        boolean sideways = Math.abs((long) b) + Math.abs((long) c) > Math.abs((long) a) + Math.abs((long) d);
        if (sideways) {
            return b > 0 ? (c > 0 ? TRANSPOSED : QUARTER_RIGHT) : (c > 0 ? QUARTER_LEFT : TRANSPOSED_OTHERWISE);
        }
        return a < 0 ? (d < 0 ? UPSIDE_DOWN : MIRRORED) : (d < 0 ? FLIPPED : UPRIGHT);
    }
}
