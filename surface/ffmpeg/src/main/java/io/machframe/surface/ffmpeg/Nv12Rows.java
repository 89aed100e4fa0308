/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.format.YCbCrMatrix;
import java.nio.ByteBuffer;

/** Reads 420v and 420f. */
final class Nv12Rows implements RgbRows {
    private static final int NEUTRAL = 128;

    private final Picture picture;
    private final int black;
    private final double lumaScale;
    private final double redFromV;
    private final double blueFromU;
    private final double greenFromV;
    private final double greenFromU;

    Nv12Rows(Picture picture, YCbCrMatrix matrix) {
        this.picture = picture;
        boolean full = picture.layout().fullRange();
        black = full ? 0 : 16;
        lumaScale = full ? 1 : 255.0 / 219;
        double chromaScale = full ? 1 : 255.0 / 224;
        redFromV = matrix.redOfCr() * chromaScale;
        greenFromV = matrix.greenOfCr() * chromaScale;
        greenFromU = matrix.greenOfCb() * chromaScale;
        blueFromU = matrix.blueOfCb() * chromaScale;
    }

    @Override
    public void read(int y, int[] pixels) {
        ByteBuffer luma = picture.plane(0);
        ByteBuffer chroma = picture.plane(1);
        int lumaRow = y * picture.stride(0);
        int chromaRow = y / 2 * picture.stride(1);
        for (int x = 0; x < pixels.length; x++) {
            int pair = chromaRow + (x & ~1);
            pixels[x] = rgb(at(luma, lumaRow + x) - black, at(chroma, pair) - NEUTRAL, at(chroma, pair + 1) - NEUTRAL);
        }
    }

    private int rgb(int luma, int u, int v) {
        double grey = luma * lumaScale;
        int red = clamp(grey + redFromV * v);
        int green = clamp(grey + greenFromV * v + greenFromU * u);
        int blue = clamp(grey + blueFromU * u);
        return red << 16 | green << 8 | blue;
    }

    private static int at(ByteBuffer bytes, int index) {
        return bytes.get(index) & 0xFF;
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }
}
