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
    UPRIGHT(1, 0, 0, 1),
    MIRRORED(-1, 0, 0, 1),
    UPSIDE_DOWN(-1, 0, 0, -1),
    FLIPPED(1, 0, 0, -1),
    TRANSPOSED(0, 1, 1, 0),
    QUARTER_RIGHT(0, 1, -1, 0),
    QUARTER_LEFT(0, -1, 1, 0),
    TRANSPOSED_OTHERWISE(0, -1, -1, 0);

    private final int a;
    private final int b;
    private final int c;
    private final int d;

    Orientation(int a, int b, int c, int d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    int a() {
        return a;
    }

    int b() {
        return b;
    }

    int c() {
        return c;
    }

    int d() {
        return d;
    }

    /** Returns whether the picture is as wide as it was high. */
    boolean isSideways() {
        return a == 0;
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
