/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.jspecify.annotations.Nullable;

/** FFmpeg's scaler, prepared for the pictures that it was given last. */
final class Swscale implements AutoCloseable {
    private @Nullable SwsContext context;

    /**
     * Makes one picture of another one, whose size and pixel format are set.
     *
     * @param filter how, {@code SWS_POINT} for example
     */
    void scale(AVFrame from, AVFrame to, int filter) {
        context = swscale.sws_getCachedContext(
                context,
                from.width(),
                from.height(),
                from.format(),
                to.width(),
                to.height(),
                to.format(),
                filter | swscale.SWS_ACCURATE_RND,
                null,
                null,
                (double[]) null);
        Libav.check(
                "sws_scale",
                swscale.sws_scale(context, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize()));
    }

    @Override
    public void close() {
        swscale.sws_freeContext(context);
        context = null;
    }
}
