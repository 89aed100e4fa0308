/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.video;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** The memory that a decoder puts its pictures into, one after the other. */
final class DecodedFrame implements AutoCloseable {
    private final AVFrame frame = avutil.av_frame_alloc();
    // Of the one frame, so that nothing has to be made for each picture.
    private final PointerPointer<?> planes = frame.data();
    private final IntPointer strides = frame.linesize();

    AVFrame frame() {
        return frame;
    }

    PointerPointer<?> planes() {
        return planes;
    }

    IntPointer strides() {
        return strides;
    }

    int width() {
        return frame.width();
    }

    int height() {
        return frame.height();
    }

    /** Returns the {@code AVPixelFormat}. */
    int format() {
        return frame.format();
    }

    boolean fullRange() {
        return frame.color_range() == avutil.AVCOL_RANGE_JPEG;
    }

    /** Returns the {@code AVColorSpace}, the usual one for this height where the file does not tell. */
    int colorSpace() {
        int space = frame.colorspace();
        if (space != avutil.AVCOL_SPC_UNSPECIFIED && space != avutil.AVCOL_SPC_RGB) {
            return space;
        }
        return ColorMatrix.ofHeight(height()).libavSpace();
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
    }
}
