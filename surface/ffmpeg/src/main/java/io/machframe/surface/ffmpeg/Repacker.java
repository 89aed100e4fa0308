/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;

/** Lets swscale unpack the few pixel formats whose samples {@link Samples} cannot read: raw sensors, CIE XYZ. */
final class Repacker implements AutoCloseable {
    private final AVFrame unpacked = avutil.av_frame_alloc();
    private final Swscale scaler = new Swscale();

    /** Returns whether pictures of a pixel format can be made readable. */
    static boolean supports(int format) {
        return Samples.reads(format) || swscale.sws_isSupportedInput(format) != 0;
    }

    /** Returns the frame, or a copy of it that can be read. */
    AVFrame readable(AVFrame frame) {
        return Samples.reads(frame.format()) ? frame : unpack(frame);
    }

    @Override
    public void close() {
        scaler.close();
        avutil.av_frame_free(unpacked);
    }

    /** Sensors of eight bits must not be widened: in FFmpeg 8.0.1 their white then becomes black. */
    private static int readableFormat(int format) {
        if (format == avutil.AV_PIX_FMT_UYYVYY411) {
            return avutil.AV_PIX_FMT_YUV411P;
        }
        boolean narrow =
                String.valueOf(avutil.av_get_pix_fmt_name(format).getString()).matches("bayer_....8");
        return narrow ? avutil.AV_PIX_FMT_RGB24 : avutil.AV_PIX_FMT_RGB48LE;
    }

    private AVFrame unpack(AVFrame frame) {
        avutil.av_frame_unref(unpacked);
        unpacked.format(readableFormat(frame.format()));
        unpacked.width(frame.width()).height(frame.height());
        Libav.check("av_frame_get_buffer", avutil.av_frame_get_buffer(unpacked, 0));
        scaler.scale(frame, unpacked, swscale.SWS_POINT);
        return unpacked;
    }
}
