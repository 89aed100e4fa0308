/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** The memory that a decoder puts its pictures into, one after the other. */
final class DecodedFrame implements AutoCloseable {
    private static final int MOST_STRETCHED = 8;

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

    /** Returns how wide the picture is meant to be seen if it keeps its height or grows in it: most pixels are square. */
    int squareWidth() {
        double aspect = pixelAspect();
        return aspect > 1 ? (int) Math.round(width() * aspect) : width();
    }

    /** Returns how high the picture is meant to be seen if it keeps its width or grows in it. */
    int squareHeight() {
        double aspect = pixelAspect();
        return aspect < 1 ? (int) Math.round(height() / aspect) : height();
    }

    /** Returns how many times wider than high a pixel is; 1 if the file does not tell, or tells nonsense. */
    private double pixelAspect() {
        AVRational ratio = frame.sample_aspect_ratio();
        double aspect = (double) ratio.num() / ratio.den();
        return aspect >= 1.0 / MOST_STRETCHED && aspect <= MOST_STRETCHED ? aspect : 1;
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
        return ColorSpaces.ofHeight(height());
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
    }
}
