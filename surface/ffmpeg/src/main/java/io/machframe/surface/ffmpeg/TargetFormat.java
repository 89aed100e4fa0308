/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.format.PixelFormat;
import java.util.Arrays;
import java.util.Optional;

/** The pixel formats of surfaces that pictures are written in. */
@SuppressWarnings("ImmutableEnumChecker") // formats are immutable
enum TargetFormat {
    BGRA(PixelFormat.BGRA, 8, true),
    NV12_LIMITED(PixelFormat.NV12_VIDEO, 8, false),
    NV12_FULL(PixelFormat.NV12_FULL, 8, true),
    P010_LIMITED(PixelFormat.P010_VIDEO, 10, false),
    P010_FULL(PixelFormat.P010_FULL, 10, true);

    private static final int BLACK = 16;
    private static final int LUMA = 219;
    private static final int CHROMA = 224;
    private static final int NEUTRAL = 128;

    private final PixelFormat pixelFormat;
    private final int bits;
    private final boolean fullRange;

    TargetFormat(PixelFormat pixelFormat, int bits, boolean fullRange) {
        this.pixelFormat = pixelFormat;
        this.bits = bits;
        this.fullRange = fullRange;
    }

    static Optional<TargetFormat> of(PixelFormat pixelFormat) {
        return Arrays.stream(values())
                .filter(format -> format.pixelFormat.equals(pixelFormat))
                .findFirst();
    }

    PixelFormat pixelFormat() {
        return pixelFormat;
    }

    boolean isRgb() {
        return this == BGRA;
    }

    /** Returns whether high dynamic range may be kept in it: eight bits are too few. */
    boolean keepsHdr() {
        return bits > Byte.SIZE;
    }

    int bits() {
        return bits;
    }

    boolean fullRange() {
        return fullRange;
    }

    int planeCount() {
        return isRgb() ? 1 : 2;
    }

    int elementBytes(int plane) {
        return isRgb() ? 4 : (bits > Byte.SIZE ? 2 : 1) << plane;
    }

    int elements(int plane, int width) {
        return plane == 0 ? width : (width + 1) / 2;
    }

    int rows(int plane, int height) {
        return plane == 0 ? height : (height + 1) / 2;
    }

    /** Returns how many bits a number stands above the lowest one of its bytes. */
    int shift() {
        return bits > Byte.SIZE ? Short.SIZE - bits : 0;
    }

    /** Returns how many levels one is, of luma and of chroma. */
    double[] scale() {
        double max = (1 << bits) - 1;
        double unit = 1 << (bits - Byte.SIZE);
        return fullRange ? new double[] {max, max, max} : new double[] {LUMA * unit, CHROMA * unit, CHROMA * unit};
    }

    /** Returns which level zero is. */
    double[] offset() {
        double unit = 1 << (bits - Byte.SIZE);
        double neutral = isRgb() ? 0 : NEUTRAL * unit;
        return new double[] {fullRange ? 0 : BLACK * unit, neutral, neutral};
    }

    void fillBlack(int plane, byte[] row) {
        if (isRgb()) {
            for (int i = 3; i < row.length; i += 4) {
                row[i] = (byte) 0xFF;
            }
            return;
        }
        int level = (int) offset()[plane] << shift();
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) (bits > Byte.SIZE ? level >> (8 * (i & 1)) : level);
        }
    }
}
