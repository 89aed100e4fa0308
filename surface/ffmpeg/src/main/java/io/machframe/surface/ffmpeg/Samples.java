/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The samples of a decoded picture as numbers: one row of one component at a time, whatever the pixel format of FFmpeg's.
 * Components 0 to 2 are luma and chroma, or red, green and blue; grey has only the first. Chroma has its own width and
 * height. Component 3 is alpha.
 *
 * <p>Not thread-safe.
 */
final class Samples implements AutoCloseable {
    static final int ALPHA = 3;

    private static final int MOST = 4;
    private static final int FLOAT_DEPTH = 16;
    private static final int HALF_BITS = 16;

    private final int[] plane = new int[MOST];
    private final int[] step = new int[MOST];
    private final int[] offset = new int[MOST];
    private final int[] shift = new int[MOST];
    private final int[] depth = new int[MOST];
    private final boolean[] present = new boolean[MOST];
    private final int[] component = new int[MOST];
    private final long[] addresses = new long[MOST];
    private final int[] strides = new int[MOST];
    private final int[] palette = new int[256];
    private final Memory memory = new Memory();

    private int format = avutil.AV_PIX_FMT_NONE;
    private AVPixFmtDescriptor descriptor = new AVPixFmtDescriptor((Pointer) null);
    private PointerPointer<?> data = new PointerPointer<>((Pointer) null);
    private IntPointer lineSizes = new IntPointer((Pointer) null);
    private IntPointer line = new IntPointer((Pointer) null);
    private byte[] bytes = {};
    private int width;
    private int height;
    private int shiftX;
    private int shiftY;
    private boolean rgb;
    private boolean grey;
    private boolean paletted;
    private boolean real;
    private boolean bigEndian;
    private boolean inverted;

    /** Memory of somebody else's at an address: one object for all rows. */
    private static final class Memory extends BytePointer {
        private Memory() {
            super((Pointer) null);
        }

        private void read(long at, byte[] into, int count) {
            address = at;
            get(into, 0, count);
        }

        private int readInt(long at) {
            address = at;
            return getInt();
        }
    }

    /** Returns whether rows of a pixel format can be read as they are. */
    static boolean reads(int format) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        long unreadable = avutil.AV_PIX_FMT_FLAG_HWACCEL | avutil.AV_PIX_FMT_FLAG_BAYER | avutil.AV_PIX_FMT_FLAG_XYZ;
        // Of 4:1:1 in groups of six bytes FFmpeg's descriptor tells only about where they are.
        return (descriptor.flags() & unreadable) == 0 && format != avutil.AV_PIX_FMT_UYYVYY411;
    }

    /** Turns to a picture, whose memory must stay for as long as rows are read. */
    void of(AVFrame frame) {
        if (frame.format() != format) {
            describe(frame.format());
        }
        width = frame.width();
        height = frame.height();
        data = frame.data();
        lineSizes = frame.linesize();
        LongPointer planes = new LongPointer(data);
        for (int i = 0; i < MOST; i++) {
            addresses[i] = planes.get(i);
            strides[i] = lineSizes.get(i);
        }
        if (paletted) {
            for (int i = 0; i < palette.length; i++) {
                palette[i] = memory.readInt(addresses[1] + 4L * i);
            }
        }
    }

    /**
     * Turns to planes of these samples in another size, with as many bits but at least eight; chroma keeps its share of the
     * size.
     */
    void replace(int component, long address, int stride, int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        format = avutil.AV_PIX_FMT_NONE;
        plane[component] = component;
        addresses[component] = address;
        strides[component] = stride;
        depth[component] = Math.max(Byte.SIZE, depth[component]);
        step[component] = depth[component] > Byte.SIZE ? 2 : 1;
        offset[component] = 0;
        shift[component] = 0;
        bigEndian = false;
        paletted = false;
        real = false;
        inverted = false;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int width(int of) {
        return isChroma(of) ? -(-width >> shiftX) : width;
    }

    int height(int of) {
        return isChroma(of) ? -(-height >> shiftY) : height;
    }

    /** Returns the power of two by which chroma is narrower than the picture. */
    int shiftX() {
        return shiftX;
    }

    int shiftY() {
        return shiftY;
    }

    boolean isRgb() {
        return rgb;
    }

    boolean isGrey() {
        return grey;
    }

    boolean hasAlpha() {
        return present[ALPHA];
    }

    boolean has(int of) {
        return present[of];
    }

    /** Returns how many bits a sample has; floating-point ones are handed out with 16. */
    int depth(int of) {
        return depth[of];
    }

    /** Reads a whole row of a component. */
    void read(int of, int row, int[] into) {
        int count = width(of);
        if (paletted) {
            readPaletted(of, row, into, count);
        } else if (step[of] == 0) {
            readLine(of, row, into, count);
        } else {
            readBytes(of, row, into, count);
        }
    }

    @Override
    public void close() {
        line.close();
    }

    private boolean isChroma(int of) {
        return !rgb && (of == 1 || of == 2);
    }

    private void describe(int newFormat) {
        format = newFormat;
        descriptor = avutil.av_pix_fmt_desc_get(format);
        long flags = descriptor.flags();
        rgb = (flags & (avutil.AV_PIX_FMT_FLAG_RGB | avutil.AV_PIX_FMT_FLAG_PAL)) != 0;
        paletted = (flags & avutil.AV_PIX_FMT_FLAG_PAL) != 0;
        real = (flags & avutil.AV_PIX_FMT_FLAG_FLOAT) != 0;
        bigEndian = (flags & avutil.AV_PIX_FMT_FLAG_BE) != 0;
        inverted = format == avutil.AV_PIX_FMT_MONOWHITE;
        int components = descriptor.nb_components();
        boolean alpha = (flags & avutil.AV_PIX_FMT_FLAG_ALPHA) != 0;
        grey = !rgb && components < 3;
        shiftX = rgb ? 0 : descriptor.log2_chroma_w();
        shiftY = rgb ? 0 : descriptor.log2_chroma_h();
        boolean whole = (flags & avutil.AV_PIX_FMT_FLAG_BITSTREAM) == 0;
        for (int i = 0; i < MOST; i++) {
            present[i] = i == ALPHA ? alpha : i == 0 || !grey;
            component[i] = i == ALPHA && grey ? 1 : i;
            if (paletted) {
                depth[i] = Byte.SIZE;
            } else if (present[i]) {
                describe(i, descriptor.comp(component[i]), whole);
            }
        }
    }

    private void describe(int i, AVComponentDescriptor of, boolean whole) {
        plane[i] = of.plane();
        offset[i] = of.offset();
        shift[i] = of.shift();
        depth[i] = real ? FLOAT_DEPTH : of.depth();
        boolean readable = whole && !real && of.shift() + of.depth() <= Short.SIZE;
        step[i] = readable ? of.step() : 0;
        if (readable && bigEndian && of.shift() + of.depth() <= Byte.SIZE) {
            offset[i]++; // the low byte of a word
        }
    }

    private void readPaletted(int of, int row, int[] into, int count) {
        readRow(addresses[0] + (long) row * strides[0], count);
        int from = of == ALPHA ? 24 : 16 - 8 * of;
        for (int x = 0; x < count; x++) {
            into[x] = palette[bytes[x] & 0xFF] >>> from & 0xFF;
        }
    }

    private void readBytes(int of, int row, int[] into, int count) {
        int each = step[of];
        int down = shift[of];
        int mask = (1 << depth[of]) - 1;
        boolean words = down + depth[of] > Byte.SIZE;
        readRow(
                addresses[plane[of]] + (long) row * strides[plane[of]] + offset[of],
                (count - 1) * each + (words ? 2 : 1));
        byte[] from = bytes;
        if (!words) {
            for (int x = 0, at = 0; x < count; x++, at += each) {
                into[x] = from[at] >> down & mask;
            }
        } else {
            int low = bigEndian ? 1 : 0;
            for (int x = 0, at = 0; x < count; x++, at += each) {
                into[x] = ((((from[at + 1 - low] & 0xFF) << 8) | (from[at + low] & 0xFF)) >> down) & mask;
            }
        }
    }

    private void readRow(long address, int count) {
        if (bytes.length < count) {
            bytes = new byte[count];
        }
        memory.read(address, bytes, count);
    }

    /** By FFmpeg's own reader, which knows groups of bits, and words of 32. */
    private void readLine(int of, int row, int[] into, int count) {
        if (line.capacity() < count) {
            line.close();
            line = new IntPointer(count);
        }
        avutil.av_read_image_line2(line, data, lineSizes, descriptor, 0, row, component[of], count, 0, Integer.BYTES);
        line.get(into, 0, count);
        if (real) {
            boolean half = descriptor.comp(component[of]).depth() == HALF_BITS;
            for (int x = 0; x < count; x++) {
                float value = half ? ofHalf(into[x]) : Float.intBitsToFloat(into[x]);
                into[x] = Math.round(Math.max(0, Math.min(1, value)) * 65535);
            }
        } else if (inverted) {
            for (int x = 0; x < count; x++) {
                into[x] ^= 1;
            }
        }
    }

    private static float ofHalf(int bits) {
        int exponent = bits >> 10 & 0x1F;
        int mantissa = bits & 0x3FF;
        float size = exponent == 0
                ? Math.scalb((float) mantissa, -24)
                : exponent == 0x1F ? Float.MAX_VALUE : Math.scalb((float) (mantissa + 0x400), exponent - 25);
        return (bits & 0x8000) != 0 ? -size : size;
    }
}
