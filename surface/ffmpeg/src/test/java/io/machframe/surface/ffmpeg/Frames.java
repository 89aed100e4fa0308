/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Frames for tests, in FFmpeg's memory. */
final class Frames {
    private Frames() {}

    static AVFrame empty(int format, int width, int height) {
        AVFrame frame = avutil.av_frame_alloc();
        frame.format(format).width(width).height(height);
        assertEquals(0, avutil.av_frame_get_buffer(frame, 64));
        for (int plane = 0; plane < planes(frame); plane++) {
            frame.data(plane).put(new byte[size(frame, plane)]);
        }
        return frame;
    }

    /** Samples of any value that their bits can have. */
    static AVFrame noise(int format, int width, int height) {
        AVFrame frame = empty(format, width, height);
        Random random = new Random(width * 31L + height);
        for (int plane = 0; plane < planes(frame); plane++) {
            byte[] bytes = new byte[size(frame, plane)];
            random.nextBytes(bytes);
            frame.data(plane).put(bytes);
        }
        return frame;
    }

    /** One value for each component. */
    static AVFrame flat(int format, int width, int height, int... values) {
        AVFrame frame = empty(format, width, height);
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        for (int component = 0; component < descriptor.nb_components(); component++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    set(frame, descriptor, component, x, y, values[component]);
                }
            }
        }
        return frame;
    }

    static int get(AVFrame frame, AVPixFmtDescriptor descriptor, int component, int x, int y) {
        int number = number(frame, descriptor, component, x, y);
        int depth = descriptor.comp(component).depth();
        return number >>> descriptor.comp(component).shift() & (depth == 32 ? -1 : (1 << depth) - 1);
    }

    private static int number(AVFrame frame, AVPixFmtDescriptor descriptor, int component, int x, int y) {
        BytePointer plane = frame.data(descriptor.comp(component).plane());
        long at = at(frame, descriptor, component, x, y);
        int bytes = bytes(descriptor, component);
        boolean big = isBig(descriptor);
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (plane.get(at + (big ? bytes - 1 - i : i)) & 255) << (8 * i);
        }
        return number;
    }

    static void set(AVFrame frame, AVPixFmtDescriptor descriptor, int component, int x, int y, int value) {
        BytePointer plane = frame.data(descriptor.comp(component).plane());
        long at = at(frame, descriptor, component, x, y);
        int bytes = bytes(descriptor, component);
        int shift = descriptor.comp(component).shift();
        int mask = ((1 << descriptor.comp(component).depth()) - 1) << shift;
        int number = (number(frame, descriptor, component, x, y) & ~mask) | ((value << shift) & mask);
        for (int i = 0; i < bytes; i++) {
            plane.put(at + (isBig(descriptor) ? bytes - 1 - i : i), (byte) (number >> (8 * i)));
        }
    }

    private static long at(AVFrame frame, AVPixFmtDescriptor descriptor, int component, int x, int y) {
        boolean chroma = (component == 1 || component == 2) && isYuv(descriptor);
        int column = chroma ? x >> descriptor.log2_chroma_w() : x;
        int row = chroma ? y >> descriptor.log2_chroma_h() : y;
        int low = isBig(descriptor) && bytes(descriptor, component) == 1 ? 1 : 0;
        return (long) row * frame.linesize(descriptor.comp(component).plane())
                + (long) column * descriptor.comp(component).step()
                + descriptor.comp(component).offset()
                + (descriptor.comp(component).step() > 1 ? low : 0);
    }

    private static int bytes(AVPixFmtDescriptor descriptor, int component) {
        int bits =
                descriptor.comp(component).shift() + descriptor.comp(component).depth();
        return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
    }

    static boolean isYuv(AVPixFmtDescriptor descriptor) {
        return (descriptor.flags() & avutil.AV_PIX_FMT_FLAG_RGB) == 0 && descriptor.nb_components() > 2;
    }

    private static boolean isBig(AVPixFmtDescriptor descriptor) {
        return (descriptor.flags() & avutil.AV_PIX_FMT_FLAG_BE) != 0;
    }

    private static int planes(AVFrame frame) {
        return avutil.av_pix_fmt_count_planes(frame.format());
    }

    private static int size(AVFrame frame, int plane) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(frame.format());
        boolean chroma = (plane == 1 || plane == 2) && isYuv(descriptor);
        int rows = chroma ? -(-frame.height() >> descriptor.log2_chroma_h()) : frame.height();
        return rows * frame.linesize(plane);
    }
}
