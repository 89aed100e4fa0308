/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/** One prepared {@code SwsContext}: from one kind of decoded frame to one layout and size. */
final class Conversion implements AutoCloseable {
    private static final int ONE = 1 << 16;

    private final int width;
    private final int height;
    private final int format;
    private final boolean fullRange;
    private final int colorSpace;
    private final PixelLayout layout;
    private final int targetWidth;
    private final int targetHeight;
    private final boolean transparent;
    private final SwsContext context;

    /** Prepares for frames like {@code source}, which must be {@link #supports supported}. */
    Conversion(DecodedFrame source, Picture target) {
        width = source.width();
        height = source.height();
        format = source.format();
        fullRange = source.fullRange();
        colorSpace = source.colorSpace();
        layout = target.layout();
        targetWidth = target.width();
        targetHeight = target.height();
        transparent = layout == PixelLayout.BGRA && hasAlpha(format);
        context = prepare();
    }

    static boolean supports(int format) {
        return swscale.sws_isSupportedInput(format) != 0;
    }

    static String name(int format) {
        return String.valueOf(avutil.av_get_pix_fmt_name(format).getString());
    }

    boolean fits(DecodedFrame source, Picture target) {
        return source.width() == width
                && source.height() == height
                && source.format() == format
                && source.fullRange() == fullRange
                && source.colorSpace() == colorSpace
                && target.layout() == layout
                && target.width() == targetWidth
                && target.height() == targetHeight;
    }

    void run(DecodedFrame source, Picture target, PointerPointer<?> addresses, IntPointer strides) {
        int rows = swscale.sws_scale(context, source.planes(), source.strides(), 0, height, addresses, strides);
        if (rows != targetHeight) {
            throw new IllegalStateException("sws_scale wrote " + rows + " rows of " + targetHeight);
        }
        if (transparent) {
            target.makeOpaque();
        }
    }

    @Override
    public void close() {
        swscale.sws_freeContext(context);
    }

    private SwsContext prepare() {
        SwsContext prepared = swscale.sws_alloc_context();
        prepared.src_w(width).src_h(height).src_format(format).src_range(asInt(fullRange));
        prepared.dst_w(targetWidth).dst_h(targetHeight).dst_format(layout.libavFormat());
        // Before the start: afterwards the range would not change which of its paths swscale takes.
        prepared.dst_range(asInt(layout.fullRange())).flags(swscale.SWS_BILINEAR);
        int result = swscale.sws_init_context(prepared, null, null);
        if (result < 0) {
            swscale.sws_freeContext(prepared);
            throw new IllegalStateException("sws_init_context: " + Libav.text(result));
        }
        // One matrix for both sides: it serves to or from RGB, and leaves YUV as it is.
        IntPointer matrix = swscale.sws_getCoefficients(colorSpace);
        swscale.sws_setColorspaceDetails(
                prepared, matrix, asInt(fullRange), matrix, asInt(layout.fullRange()), 0, ONE, ONE);
        return prepared;
    }

    private static boolean hasAlpha(int format) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        return (descriptor.flags() & (avutil.AV_PIX_FMT_FLAG_ALPHA | avutil.AV_PIX_FMT_FLAG_PAL)) != 0;
    }

    private static int asInt(boolean value) {
        return value ? 1 : 0;
    }
}
