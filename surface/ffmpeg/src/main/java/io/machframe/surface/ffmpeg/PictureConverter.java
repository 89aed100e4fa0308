/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.Orientation;
import io.machframe.surface.property.YCbCrMatrix;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * Writes decoded pictures in the pixel format of a surface: exactly, each result that of the formula, rounded. A pixel
 * takes the chroma sample that covers it, and a chroma sample is the mean of the pixels that it covers. Nothing is
 * dithered.
 *
 * <p>swscale is not used for this: what it makes is up to three levels off in its fast paths, and wrong for luma and
 * chroma out of range in its accurate ones (surface/docs/films.md).
 *
 * <p>Not thread-safe.
 */
final class PictureConverter implements AutoCloseable {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int OPAQUE = 0xFF000000;
    /** Bits of a sum that are needed for four pixels of a chroma sample. */
    private static final int FOUR = 2;

    private static final double[] RGB_LEVELS = {255, 255, 255};
    private static final double[] NO_OFFSET = {0, 0, 0};

    private final Samples samples = new Samples();
    private final Resizer resizer = new Resizer();
    private final Repacker repacker = new Repacker();

    private int[][] rows = new int[4][0];
    private long[] chromaSums = {};
    private long[][] sums = new long[2][0];
    private byte[] luma = {};
    private byte[] chroma = {};
    private int[] pixels = {};
    private final int[] readRows = new int[4];

    private @Nullable Plan plan;
    private @Nullable Raster turning;

    /** What the tables were made for. */
    private record Key(
            int format, ColorTags tags, double peak, boolean alpha, boolean premultiplied, TargetFormat target) {}

    /** The tables for one kind of picture and target. */
    private static final class Plan {
        private final Key key;
        private final boolean copies;
        private final boolean throughRgb;
        private final ColorMix mix;
        private final @Nullable ColorMix fromRgb;
        private final @Nullable ToneMap toneMap;
        private final float[][] values;
        private final float[] toRgb;

        Plan(Key key, Samples samples) throws UnsupportedColorException {
            this.key = key;
            ColorTags tags = key.tags;
            TargetFormat target = key.target;
            boolean toneMapped = toneMaps(tags, target);
            throughRgb = samples.hasAlpha() || toneMapped;
            SampleCodes codes = new SampleCodes(depths(samples), tags.fullRange(), !samples.isRgb());
            double[][] matrix = tags.toRgb();
            if (target.isRgb() || throughRgb) {
                mix = new ColorMix(codes, matrix, RGB_LEVELS, NO_OFFSET, Byte.SIZE, 0);
            } else {
                double[][] toTarget =
                        Chromaticities.times(Chromaticities.inverse(ColorTags.toRgb(matrix(tags, target))), matrix);
                mix = new ColorMix(codes, toTarget, target.scale(), target.offset(), target.bits(), FOUR);
            }
            copies = !target.isRgb()
                    && !throughRgb
                    && tags.keepsChroma()
                    && tags.fullRange() == target.fullRange()
                    && samples.shiftX() == 1
                    && samples.shiftY() == 1
                    && samples.depth(0) == target.bits();
            if (throughRgb && !target.isRgb()) {
                SampleCodes eight = new SampleCodes(List.of(Byte.SIZE, Byte.SIZE, Byte.SIZE), true, false);
                fromRgb = new ColorMix(
                        eight,
                        Chromaticities.inverse(ColorTags.toRgb(matrix(tags, target))),
                        target.scale(),
                        target.offset(),
                        target.bits(),
                        FOUR);
            } else {
                fromRgb = null;
            }
            toRgb = new float[9];
            values = new float[3][];
            if (toneMapped) {
                boolean hybrid = tags.transfer() == avutil.AVCOL_TRC_ARIB_STD_B67;
                toneMap = new ToneMap(hybrid, Chromaticities.of(tags.primaries()), key.peak);
                for (int i = 0; i < 9; i++) {
                    toRgb[i] = (float) matrix[i / 3][i % 3];
                }
                for (int i = 0; i < codes.count(); i++) {
                    values[i] = new float[1 << codes.depth(i)];
                    for (int code = 0; code < values[i].length; code++) {
                        values[i][code] = (float) codes.value(i, code);
                    }
                }
            } else {
                toneMap = null;
            }
        }

        private static List<Integer> depths(Samples samples) {
            List<Integer> depths = new ArrayList<>();
            for (int i = 0; i < 3 && samples.has(i); i++) {
                depths.add(samples.depth(i));
            }
            return depths;
        }
    }

    /**
     * Writes a picture, filling all of the target.
     *
     * @param orientation how it is turned on its way
     * @param peakNits the brightest light of high dynamic range, 0 if that is not told
     * @param alpha whether the target keeps the alpha, if there is one, premultiplied; otherwise the picture lies on black
     * @throws UnsupportedColorException if its colours cannot be turned into those of the target
     */
    void draw(AVFrame source, ColorTags tags, Orientation orientation, double peakNits, boolean alpha, Raster target)
            throws UnsupportedColorException {
        AVFrame frame = repacker.readable(source);
        samples.of(frame);
        boolean sideways = orientation.isSideways();
        int width = sideways ? target.height() : target.width();
        int height = sideways ? target.width() : target.height();
        boolean premultiplied = false;
        if (samples.width() != width || samples.height() != height) {
            premultiplied = samples.hasAlpha();
            resizer.resize(samples, tags, width, height);
        }
        Key key = new Key(frame.format(), tags, peakNits, alpha, premultiplied, target.format());
        Plan made = plan;
        if (made == null || !made.key.equals(key)) {
            made = new Plan(key, samples);
            plan = made;
        }
        if (orientation == Orientation.UP) {
            write(made, target);
        } else {
            Raster lying = turning;
            if (lying == null || !lying.is(target.format(), width, height)) {
                lying = Raster.allocate(target.format(), width, height);
                turning = lying;
            }
            write(made, lying);
            target.copyTurned(lying, orientation);
        }
    }

    /** Returns whether pictures are brought from high to standard dynamic range on their way. */
    static boolean toneMaps(ColorTags tags, TargetFormat target) {
        return tags.isHdr() && !target.keepsHdr();
    }

    /** Returns the matrix of what is written in a format of luma and chroma. */
    static YCbCrMatrix matrix(ColorTags tags, TargetFormat target) throws UnsupportedColorException {
        return toneMaps(tags, target) ? YCbCrMatrix.ofHeight(tags.codedHeight()) : tags.matrix();
    }

    @Override
    public void close() {
        samples.close();
        resizer.close();
        repacker.close();
    }

    private void write(Plan made, Raster target) {
        prepareRows(target);
        if (made.key.target.isRgb()) {
            for (int y = 0; y < target.height(); y++) {
                readRow(y);
                if (made.throughRgb) {
                    mixRgb(made, y, target.width());
                    for (int x = 0, at = 0; x < target.width(); x++, at += 4) {
                        INTS.set(luma, at, pixels[x]);
                    }
                } else {
                    mixOpaque(made.mix, y, target.width());
                }
                target.put(0, y, luma, 4 * target.width());
            }
        } else if (made.copies) {
            copy(made.key.target, target);
        } else {
            for (int y = 0; y < target.height(); y += 2) {
                writePair(made, y, target);
            }
        }
    }

    private void prepareRows(Raster target) {
        int width = target.width();
        if (rows[0].length < width + 1) {
            rows = new int[4][width + 1];
            chromaSums = new long[width + 1];
            sums = new long[2][width + 1];
            luma = new byte[4 * (width + 1)];
            chroma = new byte[4 * (width + 1)];
            pixels = new int[width + 1];
        }
        Arrays.fill(readRows, -1);
    }

    /** Reads what is not read yet of a row of the picture. */
    private boolean readRow(int y) {
        boolean chromaChanged = false;
        for (int i = 0; i < 4; i++) {
            if (samples.has(i)) {
                int row = i == 1 || i == 2 ? y >> samples.shiftY() : y;
                if (readRows[i] != row) {
                    readRows[i] = row;
                    samples.read(i, row, rows[i]);
                    chromaChanged |= i == 1;
                }
            }
        }
        return chromaChanged;
    }

    /** Adds up what the second and third component make, once for each of their samples. */
    private void addChroma(ColorMix mix) {
        if (samples.isGrey()) {
            return; // nothing was ever added
        }
        long[] second = mix.table(1);
        long[] third = mix.table(2);
        int count = samples.width(1);
        for (int x = 0; x < count; x++) {
            chromaSums[x] = second[rows[1][x]] + third[rows[2][x]];
        }
    }

    private void mixOpaque(ColorMix mix, int y, int width) {
        addChroma(mix, y);
        long[] first = mix.table(0);
        int[] row = rows[0];
        long[] others = chromaSums;
        byte[] into = luma;
        int shift = samples.shiftX();
        for (int x = 0; x < width; x++) {
            INTS.set(into, 4 * x, ColorMix.rgb(first[row[x]] + others[x >> shift]) | OPAQUE);
        }
    }

    private int summedRow = -1;

    private void addChroma(ColorMix mix, int y) {
        int row = y >> samples.shiftY();
        if (y == 0 || row != summedRow) {
            summedRow = row;
            if (samples.isGrey()) {
                Arrays.fill(chromaSums, 0);
            }
            addChroma(mix);
        }
    }

    /** Makes pixels of red, green and blue, tone-mapped and laid on black or premultiplied, with their alpha on top. */
    private void mixRgb(Plan made, int y, int width) {
        ToneMap toneMap = made.toneMap;
        int shift = samples.shiftX();
        if (toneMap == null) {
            addChroma(made.mix, y);
            long[] first = made.mix.table(0);
            for (int x = 0; x < width; x++) {
                pixels[x] = ColorMix.rgb(first[rows[0][x]] + chromaSums[x >> shift]) | OPAQUE;
            }
        } else {
            float[] m = made.toRgb;
            boolean grey = samples.isGrey();
            for (int x = 0; x < width; x++) {
                float a = made.values[0][rows[0][x]];
                float b = grey ? 0 : made.values[1][rows[1][x >> shift]];
                float c = grey ? 0 : made.values[2][rows[2][x >> shift]];
                pixels[x] = toneMap.rgb(
                                m[0] * a + m[1] * b + m[2] * c,
                                m[3] * a + m[4] * b + m[5] * c,
                                m[6] * a + m[7] * b + m[8] * c)
                        | OPAQUE;
            }
        }
        if (samples.hasAlpha()) {
            applyAlpha(made.key.premultiplied, made.key.alpha, width);
        }
    }

    private void applyAlpha(boolean premultiplied, boolean kept, int width) {
        int max = (1 << samples.depth(Samples.ALPHA)) - 1;
        for (int x = 0; x < width; x++) {
            int pixel = pixels[x];
            int cover = rows[Samples.ALPHA][x];
            if (!premultiplied && cover != max) {
                pixel = share(pixel >> 16 & 255, cover, max) << 16
                        | share(pixel >> 8 & 255, cover, max) << 8
                        | share(pixel & 255, cover, max);
            }
            pixels[x] = (kept ? share(255, cover, max) << 24 : OPAQUE) | (pixel & 0xFFFFFF);
        }
    }

    private static int share(int level, int cover, int max) {
        return (2 * level * cover + max) / (2 * max);
    }

    /** Writes two rows of luma and one of chroma; the last row and column of an odd size count twice. */
    private void writePair(Plan made, int y, Raster target) {
        int width = target.width();
        boolean pair = y + 1 < target.height();
        ColorMix mix = made.fromRgb == null ? made.mix : made.fromRgb;
        for (int i = 0; i < (pair ? 2 : 1); i++) {
            readRow(y + i);
            addUp(made, mix, y + i, sums[i], width);
            writeLuma(mix, sums[i], width, target, y + i);
        }
        long[] upper = sums[0];
        long[] lower = pair ? sums[1] : sums[0];
        int shift = target.format().shift();
        boolean words = target.format().bits() > Byte.SIZE;
        int columns = (width + 1) / 2;
        for (int x = 0; x < columns; x++) {
            int left = 2 * x;
            int right = Math.min(left + 1, width - 1);
            long sum = upper[left] + upper[right] + lower[left] + lower[right];
            int cb = mix.second(sum, FOUR);
            int cr = mix.third(sum, FOUR);
            if (words) {
                INTS.set(chroma, 4 * x, (cr << (16 + shift)) | (cb << shift));
            } else {
                SHORTS.set(chroma, 2 * x, (short) (cr << 8 | cb));
            }
        }
        target.put(1, y / 2, chroma, columns * (words ? 4 : 2));
    }

    private void addUp(Plan made, ColorMix mix, int y, long[] into, int width) {
        long[] first = mix.table(0);
        if (made.fromRgb != null) {
            mixRgb(made, y, width);
            long[] second = mix.table(1);
            long[] third = mix.table(2);
            for (int x = 0; x < width; x++) {
                int pixel = pixels[x];
                into[x] = first[pixel >> 16 & 255] + second[pixel >> 8 & 255] + third[pixel & 255];
            }
        } else {
            addChroma(mix, y);
            int shift = samples.shiftX();
            for (int x = 0; x < width; x++) {
                into[x] = first[rows[0][x]] + chromaSums[x >> shift];
            }
        }
    }

    private void writeLuma(ColorMix mix, long[] from, int width, Raster target, int y) {
        int shift = target.format().shift();
        if (shift > 0) {
            for (int x = 0; x < width; x++) {
                SHORTS.set(luma, 2 * x, (short) (mix.first(from[x], 0) << shift));
            }
            target.put(0, y, luma, 2 * width);
        } else {
            for (int x = 0; x < width; x++) {
                luma[x] = (byte) mix.first(from[x], 0);
            }
            target.put(0, y, luma, width);
        }
    }

    /** Of a picture that differs from the target by where its samples lie at most. */
    private void copy(TargetFormat format, Raster target) {
        int shift = format.shift();
        for (int y = 0; y < target.height(); y++) {
            samples.read(0, y, rows[0]);
            if (shift > 0) {
                for (int x = 0; x < target.width(); x++) {
                    SHORTS.set(luma, 2 * x, (short) (rows[0][x] << shift));
                }
                target.put(0, y, luma, 2 * target.width());
            } else {
                for (int x = 0; x < target.width(); x++) {
                    luma[x] = (byte) rows[0][x];
                }
                target.put(0, y, luma, target.width());
            }
        }
        int columns = samples.width(1);
        for (int y = 0; y < samples.height(1); y++) {
            samples.read(1, y, rows[1]);
            samples.read(2, y, rows[2]);
            if (shift > 0) {
                for (int x = 0; x < columns; x++) {
                    INTS.set(chroma, 4 * x, (rows[2][x] << (16 + shift)) | (rows[1][x] << shift));
                }
            } else {
                for (int x = 0; x < columns; x++) {
                    SHORTS.set(chroma, 2 * x, (short) (rows[2][x] << 8 | rows[1][x]));
                }
            }
            target.put(1, y, chroma, columns * (shift > 0 ? 4 : 2));
        }
    }
}
