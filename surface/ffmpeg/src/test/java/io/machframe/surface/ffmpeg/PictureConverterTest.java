/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.property.Orientation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Colours against the formulas of ITU-T H.273, in floating point. */
final class PictureConverterTest {
    /** Rounding, and a little for sums of fixed point. */
    private static final double EXACT = 0.53;

    private static final double[] BT601 = {0.299, 0.114};
    private static final double[] BT709 = {0.2126, 0.0722};

    private final PictureConverter converter = new PictureConverter();

    @BeforeAll
    static void load() throws Exception {
        Libav.load();
    }

    @AfterEach
    void close() {
        converter.close();
    }

    /** Every format of FFmpeg's whose samples are whole bytes or words; the others follow. */
    static List<String> plainFormats() {
        long odd = avutil.AV_PIX_FMT_FLAG_HWACCEL
                | avutil.AV_PIX_FMT_FLAG_BITSTREAM
                | avutil.AV_PIX_FMT_FLAG_PAL
                | avutil.AV_PIX_FMT_FLAG_BAYER
                | avutil.AV_PIX_FMT_FLAG_FLOAT
                | avutil.AV_PIX_FMT_FLAG_XYZ;
        List<String> names = new ArrayList<>();
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_next((AVPixFmtDescriptor) null);
        while (descriptor != null && !descriptor.isNull()) {
            int id = avutil.av_pix_fmt_desc_get_id(descriptor);
            if ((descriptor.flags() & odd) == 0
                    && descriptor.comp(0).depth() <= 16
                    && id != avutil.AV_PIX_FMT_UYYVYY411) {
                names.add(descriptor.name().getString());
            }
            descriptor = avutil.av_pix_fmt_desc_next(descriptor);
        }
        assertTrue(names.size() > 150, names.size() + " formats");
        return names;
    }

    @ParameterizedTest
    @MethodSource("plainFormats")
    void everyFormatBecomesWhatTheFormulaSays(String name) throws Exception {
        for (int range : new int[] {avutil.AVCOL_RANGE_MPEG, avutil.AVCOL_RANGE_JPEG}) {
            for (int width : new int[] {38, 37}) {
                AVFrame frame = Frames.noise(avutil.av_get_pix_fmt(name), width, 21);
                frame.color_range(range).colorspace(avutil.AVCOL_SPC_BT709);
                Raster target = draw(frame, TargetFormat.BGRA);
                for (int y = 0; y < 21; y++) {
                    for (int x = 0; x < width; x++) {
                        assertPixel(exact(frame, x, y, BT709), pixel(target, x, y), name + " at " + x + "," + y);
                    }
                }
                avutil.av_frame_free(frame);
            }
        }
    }

    /** What is no byte and no word: by FFmpeg's own reading of white, black, and the half where there is one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "monow",
                "monob",
                "pal8",
                "grayf32le",
                "gbrpf32le",
                "gbrapf32le",
                "rgbf16le",
                "grayf16le",
                "rgb4",
                "bgr4",
                "x2rgb10le",
                "bayer_rggb8",
                "uyyvyy411"
            })
    void unusualFormatsAreRead(String name) throws Exception {
        int format = avutil.av_get_pix_fmt(name);
        for (boolean white : new boolean[] {false, true}) {
            AVFrame source = Frames.flat(avutil.AV_PIX_FMT_RGBA, 32, 16, fill(white));
            AVFrame frame = Frames.empty(format, 32, 16);
            if (name.equals("pal8")) {
                for (int i = 0; i < 256; i++) {
                    frame.data(1).putInt(4L * i, white ? -1 : 0xFF000000);
                }
            } else if (name.contains("f32")) {
                fill(frame, Integer.BYTES, white ? Float.floatToRawIntBits(1) : 0);
            } else if (name.contains("f16")) {
                fill(frame, Short.BYTES, white ? 0x3C00 : 0);
            } else if (name.startsWith("bayer")) {
                fill(frame, 1, white ? 255 : 0);
            } else if (name.equals("uyyvyy411")) {
                int luma = white ? 235 : 16;
                for (long at = 0; at < 16L * frame.linesize(0); at++) {
                    frame.data(0).put(at, (byte) (at % frame.linesize(0) % 3 == 0 ? 128 : luma));
                }
            } else {
                rescale(source, frame);
            }
            Raster target = draw(frame, TargetFormat.BGRA);
            int pixel = pixel(target, 20, 9);
            for (int shift = 0; shift < 24; shift += 8) {
                assertEquals(white ? 255 : 0, pixel >> shift & 255, name.startsWith("bayer") ? 2 : 0, name);
            }
        }
    }

    private static void fill(AVFrame frame, int each, int value) {
        for (int plane = 0; plane < avutil.av_pix_fmt_count_planes(frame.format()); plane++) {
            for (long at = 0; at < (long) frame.height() * frame.linesize(plane); at++) {
                frame.data(plane).put(at, (byte) (value >> (8 * (at % each))));
            }
        }
    }

    private static int[] fill(boolean white) {
        return white ? new int[] {255, 255, 255, 255} : new int[] {0, 0, 0, 255};
    }

    private static void rescale(AVFrame from, AVFrame to) {
        SwsContext context = swscale.sws_getContext(
                from.width(),
                from.height(),
                from.format(),
                to.width(),
                to.height(),
                to.format(),
                swscale.SWS_ACCURATE_RND,
                null,
                null,
                (double[]) null);
        assertTrue(context != null && !context.isNull());
        swscale.sws_scale(context, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize());
        swscale.sws_freeContext(context);
    }

    /** Luma and chroma of a surface against the formula: chroma is the mean of what its sample covers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "yuv420p",
                "nv12",
                "yuv422p",
                "yuv444p",
                "yuv411p",
                "yuv410p",
                "yuv440p",
                "yuv420p10le",
                "p010le",
                "yuv444p16be",
                "rgb24",
                "gbrp10le",
                "gray",
                "gray10le"
            })
    void lumaAndChromaAreWhatTheFormulaSays(String name) throws Exception {
        for (TargetFormat format : TargetFormat.values()) {
            if (format.isRgb()) {
                continue;
            }
            for (int range : new int[] {avutil.AVCOL_RANGE_MPEG, avutil.AVCOL_RANGE_JPEG}) {
                AVFrame frame = moderate(avutil.av_get_pix_fmt(name), 22, 13);
                frame.color_range(range).colorspace(avutil.AVCOL_SPC_BT709);
                Raster target = draw(frame, format);
                for (int y = 0; y < 13; y += 2) {
                    for (int x = 0; x < 22; x += 2) {
                        double[] mean = new double[3];
                        for (int i = 0; i < 4; i++) {
                            double[] one = levels(frame, x + i % 2, Math.min(12, y + i / 2), format);
                            int luma = target.get(0, Math.min(12, y + i / 2), x + i % 2) >> format.shift();
                            assertEquals(one[0], luma, 0.56, name + " " + format);
                            mean[1] += one[1] / 4;
                            mean[2] += one[2] / 4;
                        }
                        int pair = target.get(1, y / 2, x / 2);
                        int bits = format.bits() > 8 ? 16 : 8;
                        assertEquals(mean[1], (pair & (1 << bits) - 1) >> format.shift(), 0.56, name + " " + format);
                        assertEquals(mean[2], (pair >>> bits) >> format.shift(), 0.56, name + " " + format);
                    }
                }
                avutil.av_frame_free(frame);
            }
        }
    }

    /** Random values of which each is in the gamut, so that nothing is clipped. */
    private static AVFrame moderate(int format, int width, int height) {
        AVFrame frame = Frames.empty(format, width, height);
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        Random random = new Random(7);
        for (int i = 0; i < descriptor.nb_components(); i++) {
            int quarter = 1 << (descriptor.comp(i).depth() - 2);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    Frames.set(frame, descriptor, i, x, y, 3 * quarter / 2 + random.nextInt(quarter));
                }
            }
        }
        return frame;
    }

    private static double[] levels(AVFrame frame, int x, int y, TargetFormat format) {
        boolean yuv = Frames.isYuv(avutil.av_pix_fmt_desc_get(frame.format()));
        double[] weights = yuv ? BT709 : BT601; // what has no matrix of its own has that of its height
        double[] rgb = exact(frame, x, y, BT709);
        double luma = (weights[0] * rgb[0] + (1 - weights[0] - weights[1]) * rgb[1] + weights[1] * rgb[2]) / 255;
        double cb = (rgb[2] / 255 - luma) / 2 / (1 - weights[1]);
        double cr = (rgb[0] / 255 - luma) / 2 / (1 - weights[0]);
        double max = (1 << format.bits()) - 1;
        double unit = 1 << (format.bits() - 8);
        return format.fullRange()
                ? new double[] {max * luma, max * cb + 128 * unit, max * cr + 128 * unit}
                : new double[] {unit * (16 + 219 * luma), unit * (128 + 224 * cb), unit * (128 + 224 * cr)};
    }

    /** Flat pictures stay flat, from any depth and at any size: to the last row, and without dither. */
    @ParameterizedTest
    @CsvSource({
        "yuv420p,235,128,128,255",
        "yuv420p10le,940,512,512,255",
        "yuv420p10le,941,512,512,255",
        "p010le,500,512,512,127",
        "yuv422p12le,3760,2048,2048,255",
        "yuv444p16le,60160,32768,32768,255"
    })
    void flatPicturesAreFlat(String name, int y, int cb, int cr, int grey) throws Exception {
        for (int[] size : new int[][] {{64, 48}, {85, 48}, {64, 64}, {31, 17}}) {
            AVFrame frame = Frames.flat(avutil.av_get_pix_fmt(name), 64, 48, y, cb, cr);
            Raster bgra = draw(frame, TargetFormat.BGRA, size[0], size[1]);
            Raster nv12 = draw(frame, TargetFormat.NV12_LIMITED, size[0], size[1]);
            Raster nv12Full = draw(frame, TargetFormat.NV12_FULL, size[0], size[1]);
            int bits = avutil.av_pix_fmt_desc_get(frame.format()).comp(0).depth();
            long luma = Math.round(Math.scalb((double) y, 8 - bits));
            for (int row = 0; row < size[1]; row++) {
                for (int x = 0; x < size[0]; x++) {
                    assertEquals(0xFF000000 | grey * 0x10101, bgra.get(0, row, x), name);
                    assertEquals(luma, nv12.get(0, row, x), name);
                    assertEquals(0x8080, nv12.get(1, row / 2, x / 2), name);
                    assertEquals(grey, nv12Full.get(0, row, x), name);
                }
            }
            avutil.av_frame_free(frame);
        }
    }

    /** Ten bits are rounded to eight, each the same everywhere: no dither. */
    @Test
    void tenBitsAreRoundedAndNotDithered() throws Exception {
        for (int code = 64; code <= 940; code += 3) {
            AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV420P10LE, 16, 16, code, 512, 512);
            Raster target = draw(frame, TargetFormat.NV12_LIMITED);
            for (int y = 0; y < 16; y++) {
                for (int x = 0; x < 16; x++) {
                    assertEquals((code + 2) / 4, target.get(0, y, x));
                }
            }
            avutil.av_frame_free(frame);
        }
    }

    @Test
    void theMatrixThatIsToldIsUsed() throws Exception {
        assertRed(avutil.AVCOL_SPC_BT709, 63, 102, 240);
        assertRed(avutil.AVCOL_SPC_SMPTE170M, 81, 90, 240);
        assertRed(avutil.AVCOL_SPC_BT470BG, 81, 90, 240);
        assertRed(avutil.AVCOL_SPC_SMPTE240M, 62, 102, 240);
        assertRed(avutil.AVCOL_SPC_BT2020_NCL, 74, 97, 240);
        assertRed(avutil.AVCOL_SPC_FCC, 82, 90, 240);
    }

    private void assertRed(int space, int y, int cb, int cr) throws Exception {
        AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV420P, 4, 4, y, cb, cr).colorspace(space);
        int pixel = pixel(draw(frame, TargetFormat.BGRA), 3, 3);
        assertEquals(255, pixel >> 16 & 255, 2, "matrix " + space);
        assertEquals(0, pixel >> 8 & 255, 2, "matrix " + space);
        assertEquals(0, pixel & 255, 2, "matrix " + space);
        avutil.av_frame_free(frame);
    }

    @Test
    void nothingOutsideThePictureIsWritten() throws Exception {
        for (TargetFormat format : TargetFormat.values()) {
            for (int width : new int[] {1, 2, 3, 16, 33}) {
                for (int height : new int[] {1, 2, 5}) {
                    checkPadding(format, width, height);
                }
            }
        }
    }

    private void checkPadding(TargetFormat format, int width, int height) throws Exception {
        int count = format.planeCount();
        ByteBuffer[] planes = new ByteBuffer[count];
        int[] starts = new int[count];
        int[] strides = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = 13;
            strides[i] = format.elements(i, width) * format.elementBytes(i) + 7;
            planes[i] = ByteBuffer.allocateDirect(starts[i] + strides[i] * format.rows(i, height))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < planes[i].capacity(); at++) {
                planes[i].put(at, (byte) 0xA5);
            }
        }
        AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV420P, width, height, 16, 128, 128);
        Raster target = new Raster(format, width, height, planes, starts, strides);
        converter.draw(frame, ColorTags.of(frame, height), Orientation.UP, 0, false, target);
        for (int i = 0; i < count; i++) {
            for (int at = 0; at < planes[i].capacity(); at++) {
                int inRow = Math.floorMod(at - starts[i], strides[i]);
                boolean inside = at >= starts[i] && inRow < strides[i] - 7;
                assertEquals(inside, planes[i].get(at) != (byte) 0xA5, format + " byte " + at);
            }
        }
        avutil.av_frame_free(frame);
    }

    /** Red, green and blue from 0 to 255, laid on black. */
    static double[] exact(AVFrame frame, int x, int y, double[] weights) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(frame.format());
        int count = descriptor.nb_components();
        boolean alpha = (descriptor.flags() & avutil.AV_PIX_FMT_FLAG_ALPHA) != 0;
        boolean rgb = (descriptor.flags() & avutil.AV_PIX_FMT_FLAG_RGB) != 0;
        boolean fullByName = String.valueOf(descriptor.name().getString()).startsWith("yuvj");
        boolean full = rgb
                || fullByName
                || frame.color_range() == avutil.AVCOL_RANGE_JPEG
                || (count < 3 && frame.color_range() != avutil.AVCOL_RANGE_MPEG);
        double[] value = new double[3];
        for (int i = 0; i < 3; i++) {
            int component = count < 3 ? 0 : i;
            int bits = descriptor.comp(component).depth();
            double code = Frames.get(frame, descriptor, component, x, y);
            double max = (1 << bits) - 1;
            double unit = Math.scalb(1.0, bits - 8);
            boolean chroma = Frames.isYuv(descriptor) && i > 0;
            value[i] = full
                    ? (code - (chroma ? 1 << (bits - 1) : 0)) / max
                    : chroma ? (code / unit - 128) / 224 : (code / unit - 16) / 219;
        }
        double[] result = value;
        if (Frames.isYuv(descriptor)) {
            double red = value[0] + 2 * (1 - weights[0]) * value[2];
            double blue = value[0] + 2 * (1 - weights[1]) * value[1];
            double green = (value[0] - weights[0] * red - weights[1] * blue) / (1 - weights[0] - weights[1]);
            result = new double[] {red, green, blue};
        }
        double cover = 1;
        if (alpha) {
            int bits = descriptor.comp(count - 1).depth();
            cover = (double) Frames.get(frame, descriptor, count - 1, x, y) / ((1 << bits) - 1);
        }
        double covering = cover;
        return Arrays.stream(result)
                .map(v -> 255 * Math.max(0, Math.min(1, v)) * covering)
                .toArray();
    }

    /** Alpha is rounded before it is used, so it costs as much again. */
    private static void assertPixel(double[] expected, int pixel, String what) {
        double tolerance = what.contains("a") ? 2 * EXACT : EXACT;
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], (pixel >> (16 - 8 * i)) & 255, tolerance, what);
        }
        assertEquals(255, pixel >>> 24);
    }

    private Raster draw(AVFrame frame, TargetFormat format) throws Exception {
        return draw(frame, format, frame.width(), frame.height());
    }

    private Raster draw(AVFrame frame, TargetFormat format, int width, int height) throws Exception {
        Raster target = Raster.allocate(format, width, height);
        converter.draw(frame, ColorTags.of(frame, frame.height()), Orientation.UP, 0, false, target);
        return target;
    }

    private static int pixel(Raster raster, int x, int y) {
        return raster.get(0, y, x);
    }
}
