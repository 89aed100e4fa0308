/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx.pixel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.YCbCrMatrix;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PixelConverterTest {
    private static final Map<YCbCrMatrix, Double> KR = Map.of(
            YCbCrMatrix.BT601,
            0.299,
            YCbCrMatrix.BT709,
            0.2126,
            YCbCrMatrix.SMPTE240M,
            0.212,
            YCbCrMatrix.BT2020,
            0.2627);
    private static final Map<YCbCrMatrix, Double> KB = Map.of(
            YCbCrMatrix.BT601,
            0.114,
            YCbCrMatrix.BT709,
            0.0722,
            YCbCrMatrix.SMPTE240M,
            0.087,
            YCbCrMatrix.BT2020,
            0.0593);

    private static final int GUARD = 0x12345678;

    @ParameterizedTest
    @CsvSource({
        "BT709, VIDEO, 235, 128, 128, 255, 255, 255",
        "BT709, VIDEO,  16, 128, 128,   0,   0,   0",
        "BT709, VIDEO,  63, 102, 240, 255,   0,   0",
        "BT601, VIDEO,  81,  90, 240, 255,   0,   0",
        "BT601, VIDEO, 145,  54,  34,   0, 255,   0",
        "BT601, VIDEO,  41, 240, 110,   0,   0, 255",
        "BT709, FULL,  255, 128, 128, 255, 255, 255",
        "BT709, FULL,    0, 128, 128,   0,   0,   0",
        "BT601, FULL,   76,  85, 255, 254,   0,   0",
    })
    void knownColoursComeOutAsTheyAreKnown(
            YCbCrMatrix matrix, YuvRange range, int y, int cb, int cr, int red, int green, int blue) {
        int pixel = convertOne(new PixelConverter(matrix, range), y, cb, cr);

        assertEquals(0xff, pixel >>> 24);
        assertEquals(red, pixel >> 16 & 0xff, 2);
        assertEquals(green, pixel >> 8 & 0xff, 2);
        assertEquals(blue, pixel & 0xff, 2);
    }

    @ParameterizedTest
    @EnumSource(YCbCrMatrix.class)
    void everyColourIsThatOfTheFormulaGiveOrTakeOne(YCbCrMatrix matrix) {
        for (YuvRange range : YuvRange.values()) {
            PixelConverter converter = new PixelConverter(matrix, range);
            for (int cb = 0; cb < 256; cb += 5) {
                compareAllLumaAndCr(converter, matrix, range, cb);
            }
        }
    }

    /** A picture in which each square of two by two pixels has one luma, by row, and one Cr, by column. */
    private static void compareAllLumaAndCr(PixelConverter converter, YCbCrMatrix matrix, YuvRange range, int cb) {
        ByteBuffer luma = ByteBuffer.allocate(512 * 512);
        ByteBuffer chroma = ByteBuffer.allocate(512 * 256);
        for (int y = 0; y < 256; y++) {
            for (int cr = 0; cr < 256; cr++) {
                for (int pixel = 0; pixel < 4; pixel++) {
                    luma.put((2 * y + pixel / 2) * 512 + 2 * cr + pixel % 2, (byte) y);
                }
                chroma.put(y * 512 + 2 * cr, (byte) cb);
                chroma.put(y * 512 + 2 * cr + 1, (byte) cr);
            }
        }
        int[] pixels = new int[512 * 512];
        converter.convert(512, 512, luma, 512, chroma, 512, pixels, 512);
        for (int i = 0; i < pixels.length; i++) {
            int y = i / 1024;
            int cr = i % 512 / 2;
            if (distance(pixels[i], formula(matrix, range, y, cb, cr)) > 1) {
                assertEquals(Integer.toHexString(formula(matrix, range, y, cb, cr)), Integer.toHexString(pixels[i]));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "1, 7", "7, 1", "641, 359", "360, 640", "1366, 768", "1921, 1081"})
    void picturesOfAnyShapeAreConvertedWithinTheirRows(int width, int height) {
        Random random = new Random(width * 31L + height);
        int halfWidth = (width + 1) / 2;
        int halfHeight = (height + 1) / 2;
        int lumaStep = align(width);
        int chromaStep = align(2 * halfWidth);
        ByteBuffer luma = randomPlane(random, lumaStep * (height - 1) + width);
        ByteBuffer chroma = randomPlane(random, chromaStep * (halfHeight - 1) + 2 * halfWidth);
        int pixelsPerRow = width + 3;
        int[] pixels = new int[pixelsPerRow * height];
        Arrays.fill(pixels, GUARD);

        new PixelConverter(YCbCrMatrix.BT709, YuvRange.VIDEO)
                .convert(width, height, luma, lumaStep, chroma, chromaStep, pixels, pixelsPerRow);

        for (int row = 0; row < height; row++) {
            for (int x = 0; x < width; x++) {
                int at = row / 2 * chromaStep + x / 2 * 2;
                int expected = formula(
                        YCbCrMatrix.BT709,
                        YuvRange.VIDEO,
                        luma.get(row * lumaStep + x) & 0xff,
                        chroma.get(at) & 0xff,
                        chroma.get(at + 1) & 0xff);
                assertTrue(distance(pixels[row * pixelsPerRow + x], expected) <= 1, "pixel " + x + ", " + row);
            }
            for (int x = width; x < pixelsPerRow; x++) {
                assertEquals(GUARD, pixels[row * pixelsPerRow + x], "padding " + x + ", " + row);
            }
        }
    }

    @Test
    void aConverterServesPicturesOfSeveralSizes() {
        PixelConverter converter = new PixelConverter(YCbCrMatrix.BT709, YuvRange.FULL);

        convertOne(converter, 1, 128, 128);
        int[] pixels = new int[4];
        converter.convert(4, 1, plane(1, 2, 3, 4), 4, plane(128, 128, 128, 128), 4, pixels, 4);

        assertEquals(0xff040404, pixels[3]);
        assertEquals(0xff010101, convertOne(converter, 1, 128, 128));
    }

    @Test
    void whatDoesNotHoldAPictureIsRefused() {
        PixelConverter converter = new PixelConverter(YCbCrMatrix.BT601, YuvRange.VIDEO);
        ByteBuffer enough = ByteBuffer.allocate(64);
        int[] pixels = new int[16];

        refused("no picture is 0 by 4 pixels", () -> converter.convert(0, 4, enough, 4, enough, 4, pixels, 4));
        refused("luma: a row needs 4 but has 3", () -> converter.convert(4, 4, enough, 3, enough, 4, pixels, 4));
        refused("chroma: a row needs 4 but has 3", () -> converter.convert(3, 4, enough, 3, enough, 3, pixels, 4));
        refused("luma: needs 76 but has 64", () -> converter.convert(4, 4, enough, 24, enough, 4, pixels, 4));
        refused("pixels: needs 19 but has 16", () -> converter.convert(4, 4, enough, 4, enough, 4, pixels, 5));
        refused(
                "chroma: needs 8 but has 7",
                () -> converter.convert(4, 4, enough, 4, ByteBuffer.allocate(7), 4, pixels, 4));
    }

    private static void refused(String reason, Runnable call) {
        assertEquals(
                reason, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static int convertOne(PixelConverter converter, int y, int cb, int cr) {
        int[] pixel = new int[1];
        converter.convert(1, 1, plane(y), 1, plane(cb, cr), 2, pixel, 1);
        return pixel[0];
    }

    /** The definition with their constants spelt out, independent of the converter. */
    private static int formula(YCbCrMatrix matrix, YuvRange range, int y, int cb, int cr) {
        double kr = KR.get(matrix);
        double kb = KB.get(matrix);
        boolean video = range == YuvRange.VIDEO;
        double luma = video ? (y - 16) / 219.0 : y / 255.0;
        double u = video ? (cb - 128) / 224.0 : (cb - 128) / 255.0;
        double v = video ? (cr - 128) / 224.0 : (cr - 128) / 255.0;
        double red = luma + 2 * (1 - kr) * v;
        double blue = luma + 2 * (1 - kb) * u;
        double green = (luma - kr * red - kb * blue) / (1 - kr - kb);
        return 0xff000000 | level(red) << 16 | level(green) << 8 | level(blue);
    }

    private static int level(double value) {
        return (int) Math.round(Math.max(0, Math.min(1, value)) * 255);
    }

    private static int distance(int a, int b) {
        int most = Math.abs((a >>> 24) - (b >>> 24));
        for (int shift = 0; shift <= 16; shift += 8) {
            most = Math.max(most, Math.abs((a >> shift & 0xff) - (b >> shift & 0xff)));
        }
        return most;
    }

    private static ByteBuffer plane(int... samples) {
        ByteBuffer plane = ByteBuffer.allocateDirect(samples.length);
        for (int i = 0; i < samples.length; i++) {
            plane.put(i, (byte) samples[i]);
        }
        return plane;
    }

    private static ByteBuffer randomPlane(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return ByteBuffer.allocateDirect(size).put(bytes).flip().asReadOnlyBuffer();
    }

    private static int align(int bytes) {
        return (bytes + 63) / 64 * 64;
    }
}
