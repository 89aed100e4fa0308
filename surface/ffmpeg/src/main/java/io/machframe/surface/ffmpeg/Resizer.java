/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;

/**
 * Scales a picture: each component on its own, as grey, since swscale takes everything else through luma and chroma of its
 * own on the way. A picture with alpha is premultiplied first, so that no hidden colour comes to light.
 */
final class Resizer implements AutoCloseable {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final Plane[] planes = {new Plane(), new Plane(), new Plane(), new Plane()};
    private int[] row = {};
    private int[] alpha = {};
    private byte[] bytes = {};

    /** A component before and after. */
    private static final class Plane {
        private final AVFrame before = avutil.av_frame_alloc();
        private final AVFrame after = avutil.av_frame_alloc();
        private final Swscale scaler = new Swscale();

        void allocate(boolean words, int width, int height, int newWidth, int newHeight) {
            int format = words ? avutil.AV_PIX_FMT_GRAY16LE : avutil.AV_PIX_FMT_GRAY8;
            allocate(before, format, width, height);
            allocate(after, format, newWidth, newHeight);
        }

        private static void allocate(AVFrame frame, int format, int width, int height) {
            if (frame.format() != format || frame.width() != width || frame.height() != height) {
                avutil.av_frame_unref(frame);
                frame.format(format).width(width).height(height);
                Libav.check("av_frame_get_buffer", avutil.av_frame_get_buffer(frame, 64));
            }
        }

        void scale() {
            scaler.scale(before, after, swscale.SWS_BILINEAR);
        }

        void close() {
            scaler.close();
            avutil.av_frame_free(before);
            avutil.av_frame_free(after);
        }
    }

    /** Turns samples into those of the picture in another size; they stay valid until the next call. */
    void resize(Samples samples, ColorTags tags, int width, int height) {
        int most = samples.width() + 1;
        if (row.length < most) {
            row = new int[most];
            alpha = new int[most];
            bytes = new byte[2 * most];
        }
        for (int i = 0; i < planes.length; i++) {
            if (samples.has(i)) {
                boolean chroma = !samples.isRgb() && (i == 1 || i == 2);
                int newWidth = chroma ? -(-width >> samples.shiftX()) : width;
                int newHeight = chroma ? -(-height >> samples.shiftY()) : height;
                planes[i].allocate(
                        samples.depth(i) > Byte.SIZE, samples.width(i), samples.height(i), newWidth, newHeight);
                copy(samples, i, tags, planes[i].before);
                planes[i].scale();
            }
        }
        for (int i = 0; i < planes.length; i++) {
            if (samples.has(i)) {
                AVFrame after = planes[i].after;
                samples.replace(i, after.data(0).address(), after.linesize(0), width, height);
            }
        }
    }

    @Override
    public void close() {
        for (Plane plane : planes) {
            plane.close();
        }
    }

    private void copy(Samples samples, int component, ColorTags tags, AVFrame into) {
        boolean words = samples.depth(component) > Byte.SIZE;
        boolean multiplied = samples.hasAlpha() && component != Samples.ALPHA;
        int count = samples.width(component);
        try (BytePointer memory = into.data(0)) {
            for (int y = 0; y < samples.height(component); y++) {
                samples.read(component, y, row);
                widen(samples.depth(component), count);
                if (multiplied) {
                    multiply(samples, component, tags, y);
                }
                for (int x = 0; x < count; x++) {
                    if (words) {
                        SHORTS.set(bytes, 2 * x, (short) row[x]);
                    } else {
                        bytes[x] = (byte) row[x];
                    }
                }
                memory.position((long) y * into.linesize(0)).put(bytes, 0, words ? 2 * count : count);
            }
        }
    }

    /** To eight bits, which a mean needs. */
    private void widen(int bits, int count) {
        if (bits < Byte.SIZE) {
            int max = (1 << bits) - 1;
            for (int x = 0; x < count; x++) {
                row[x] = (row[x] * 510 + max) / (2 * max);
            }
        }
    }

    /** Towards what stands for nothing, by as much as the pixel is not covered. */
    private void multiply(Samples samples, int component, ColorTags tags, int y) {
        boolean chroma = !samples.isRgb() && component > 0;
        int bits = Math.max(Byte.SIZE, samples.depth(component));
        int nothing = chroma ? 1 << (bits - 1) : tags.fullRange() ? 0 : 16 << (bits - Byte.SIZE);
        int max = (1 << samples.depth(Samples.ALPHA)) - 1;
        int shiftX = chroma ? samples.shiftX() : 0;
        samples.read(Samples.ALPHA, chroma ? Math.min(y << samples.shiftY(), samples.height() - 1) : y, alpha);
        int count = samples.width(component);
        for (int x = 0; x < count; x++) {
            int share = alpha[Math.min(x << shiftX, samples.width() - 1)];
            row[x] = nothing + (int) Math.round((double) (row[x] - nothing) * share / max);
        }
    }
}
