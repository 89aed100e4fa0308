/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import static io.machframe.surface.convert.ConversionFormula.expected;
import static io.machframe.surface.convert.ConversionFormula.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.IOSurface;
import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.YCbCrMatrix;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against {@link ConversionFormula}. */
final class BgraConverterTest {
    private static final long SEED = 20261128;

    static List<PixelFormat> supported() {
        return PixelFormat.known().stream().filter(BgraConverter::supports).toList();
    }

    private static FormatDescription description(PixelFormat format) {
        return format.description().orElseThrow();
    }

    @Test
    void allFormatsOfColourAreSupported() {
        List<String> refused = PixelFormat.known().stream()
                .filter(format -> !BgraConverter.supports(format))
                .map(PixelFormat::toString)
                .toList();
        assertEquals(List.of("R10k", "hdep", "fdep", "hdis", "fdis", "r408"), refused);
    }

    private static void assertNear(double[] expected, int pixel, String what) {
        int[] got = {pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255, pixel >>> 24};
        for (int i = 0; i < 4; i++) {
            int channel = i;
            assertTrue(
                    Math.abs(got[i] - expected[i]) <= 1,
                    () -> what + " channel " + channel + " is " + got[channel] + ", exactly " + expected[channel]);
        }
    }

    @ParameterizedTest
    @MethodSource("supported")
    void everyPixelIsThatOfTheFormulaWithinOneLevel(PixelFormat format) {
        Random random = new Random(SEED);
        for (int[] size : new int[][] {{1, 1}, {2, 2}, {3, 5}, {13, 7}, {50, 4}}) {
            for (YCbCrMatrix matrix : YCbCrMatrix.values()) {
                for (AlphaMode mode : AlphaMode.values()) {
                    compare(format, size[0], size[1], matrix, mode, random);
                }
            }
        }
    }

    private static void compare(
            PixelFormat format, int width, int height, YCbCrMatrix matrix, AlphaMode mode, Random random) {
        FormatDescription description = description(format);
        List<PlaneBuffer> planes = noise(description, width, height, random);
        int[] pixels = new int[(width + 3) * height];
        BgraConverter.of(format, matrix, mode).convert(planes, pixels, width + 3);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width + 3; x++) {
                int pixel = pixels[y * (width + 3) + x];
                if (x < width) {
                    String what =
                            format + " " + width + "x" + height + " " + matrix + " " + mode + " at " + x + "," + y;
                    assertNear(expected(description, planes, matrix, mode, x, y), pixel, what);
                } else {
                    assertEquals(0, pixel, "what is behind a row is left alone");
                }
            }
        }
    }

    /** Every luma with every chroma of 8 bits, and the widest sums. */
    @ParameterizedTest
    @ValueSource(strings = {"420v", "420f", "y420", "YV12"})
    void everyColourOfVideoIsThatOfTheFormula(String code) {
        PixelFormat format = PixelFormat.of(code);
        FormatDescription description = description(format);
        for (YCbCrMatrix matrix : YCbCrMatrix.values()) {
            for (int cb = 0; cb < 256; cb += 15) {
                for (int cr = 0; cr < 256; cr += 5) {
                    List<PlaneBuffer> planes = flat(description, cb, cr);
                    int[] pixels = new int[256];
                    BgraConverter.of(format, matrix, AlphaMode.NONE).convert(planes, pixels, 256);
                    for (int y = 0; y < 256; y++) {
                        assertNear(
                                expected(description, planes, matrix, AlphaMode.NONE, y, 0),
                                pixels[y],
                                code + " " + matrix + " " + y + " " + cb + " " + cr);
                    }
                }
            }
        }
    }

    /** A row of all luma with one chroma. */
    private static List<PlaneBuffer> flat(FormatDescription format, int cb, int cr) {
        List<PlaneBuffer> planes = new ArrayList<>();
        for (PlaneShape shape : format.planes()) {
            int size = (int) shape.rowBytes(256);
            ByteBuffer bytes = ByteBuffer.allocate(size);
            for (int at = 0; at < size; at++) {
                ComponentName name =
                        shape.components().get(at % shape.components().size()).name();
                bytes.put(at, (byte) (name == ComponentName.LUMA ? at : name == ComponentName.CHROMA_BLUE ? cb : cr));
            }
            planes.add(new PlaneBuffer(bytes, size, shape.width(256), 1, shape.bytesPerElement()));
        }
        return planes;
    }

    /** Numbers from the recommendations and from other programs, not from this test's own formula. */
    @ParameterizedTest
    @CsvSource({
        "420v, BT709, 63, 102, 240, ffff0100",
        "420v, BT601, 81, 90, 240, fffe0000",
        "420v, BT601, 16, 128, 128, ff000000",
        "420v, BT709, 235, 128, 128, ffffffff",
        "420f, BT601, 76, 85, 255, fffe0000",
        "420f, BT601, 0, 128, 128, ff000000",
        "420f, BT709, 255, 128, 128, ffffffff"
    })
    void knownColoursAreThemselves(String code, YCbCrMatrix matrix, int luma, int cb, int cr, String bgra) {
        PixelFormat format = PixelFormat.of(code);
        List<PlaneBuffer> planes = List.of(
                new PlaneBuffer(ByteBuffer.wrap(new byte[] {(byte) luma}), 1, 1, 1, 1),
                new PlaneBuffer(ByteBuffer.wrap(new byte[] {(byte) cb, (byte) cr}), 2, 1, 1, 2));
        int[] pixels = new int[1];
        BgraConverter.of(format, matrix, AlphaMode.NONE).convert(planes, pixels, 1);
        int expected = Integer.parseUnsignedInt(bgra, 16);
        for (int shift = 0; shift < 32; shift += 8) {
            assertEquals(expected >>> shift & 255, pixels[0] >>> shift & 255, 1, () -> Integer.toHexString(pixels[0]));
        }
    }

    @Test
    void theOrderOfBytesIsHeeded() {
        assertArrayEquals(new int[] {0x04010203}, one("RGBA", AlphaMode.PREMULTIPLIED, 1, 2, 3, 4));
        assertArrayEquals(new int[] {0x04030201}, one("BGRA", AlphaMode.PREMULTIPLIED, 1, 2, 3, 4));
        assertArrayEquals(new int[] {0x01020304}, one("32", AlphaMode.PREMULTIPLIED, 1, 2, 3, 4));
        assertArrayEquals(new int[] {0x01040302}, one("ABGR", AlphaMode.PREMULTIPLIED, 1, 2, 3, 4));
        assertArrayEquals(new int[] {0xff010203}, one("24", AlphaMode.PREMULTIPLIED, 1, 2, 3));
        assertArrayEquals(new int[] {0xff030201}, one("24BG", AlphaMode.PREMULTIPLIED, 1, 2, 3));
        assertArrayEquals(new int[] {0xff050505}, one("L008", AlphaMode.PREMULTIPLIED, 5));
        assertArrayEquals(new int[] {0xfffe8001}, one("b48r", AlphaMode.NONE, 0xfe, 0xfe, 0x80, 0x80, 1, 1));
    }

    @Test
    void alphaIsWhatItsMeaningSays() {
        assertArrayEquals(new int[] {0xff00ff00}, one("BGRA", AlphaMode.NONE, 0, 255, 0, 0));
        assertArrayEquals(new int[] {0x8000ff00}, one("BGRA", AlphaMode.PREMULTIPLIED, 0, 255, 0, 128));
        assertArrayEquals(new int[] {0x80008000}, one("BGRA", AlphaMode.STRAIGHT, 0, 255, 0, 128));
        assertArrayEquals(new int[] {0}, one("RGBA", AlphaMode.STRAIGHT, 10, 20, 30, 0));
    }

    private static int[] one(String format, AlphaMode mode, int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
        for (int value : bytes) {
            buffer.put((byte) value);
        }
        int[] pixels = new int[1];
        BgraConverter.of(PixelFormat.parse(format), YCbCrMatrix.BT601, mode)
                .convert(List.of(new PlaneBuffer(buffer, bytes.length, 1, 1, bytes.length)), pixels, 1);
        return pixels;
    }

    @Test
    void floatsAreExposedAndCutOff() {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(0, 2).putFloat(4, 0.5f).putFloat(8, Float.NaN).putFloat(12, 1);
        List<PlaneBuffer> planes = List.of(new PlaneBuffer(bytes, 16, 1, 1, 16));
        int[] pixels = new int[1];
        PixelFormat format = PixelFormat.of("RGfA");
        BgraConverter.of(format, YCbCrMatrix.BT601, AlphaMode.PREMULTIPLIED).convert(planes, pixels, 1);
        assertEquals(0xffff8000, pixels[0]);
        BgraConverter.of(format, YCbCrMatrix.BT601, AlphaMode.PREMULTIPLIED, 0.25f)
                .convert(planes, pixels, 1);
        assertEquals(0xff802000, pixels[0]);
    }

    @ParameterizedTest
    @MethodSource("supported")
    void rowsMayBeConvertedApart(PixelFormat format) {
        List<PlaneBuffer> planes = noise(description(format), 13, 9, new Random(SEED));
        int[] whole = new int[13 * 9];
        int[] apart = new int[13 * 9];
        BgraConverter.of(format, YCbCrMatrix.BT709, AlphaMode.STRAIGHT).convert(planes, whole, 13);
        int[] ends = {0, 1, 4, 9};
        for (int i = 1; i < ends.length; i++) {
            BgraConverter.of(format, YCbCrMatrix.BT709, AlphaMode.STRAIGHT)
                    .convert(planes, ends[i - 1], ends[i], apart, 13 * ends[i - 1], 13);
        }
        assertArrayEquals(whole, apart);
    }

    @Test
    void aSurfaceSaysItselfHowItIsConverted() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(5, 3, PixelFormat.NV12_VIDEO))) {
            surface.attachments().set(YCbCrMatrix.BT709);
            try (SurfaceLock lock = surface.lock()) {
                fill(lock.plane(0).bytes(), 63, 63);
                fill(lock.plane(1).bytes(), 102, 240);
            }
            int[] pixels = new int[15];
            try (SurfaceLock lock = surface.asReadOnly().lock()) {
                BgraConverter.of(surface).convert(lock.planes(), pixels, 5);
            }
            for (int pixel : pixels) {
                assertEquals(0xff, pixel >> 16 & 255, 1, Integer.toHexString(pixel));
            }
        }
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(1, 1, PixelFormat.BGRA))) {
            assertEquals(AlphaMode.NONE, surface.attachments().alphaMode());
            int[] pixels = new int[1];
            try (SurfaceLock lock = surface.lock()) {
                lock.plane(0).bytes().putInt(0, 0x0000ff00);
                BgraConverter.of(surface).convert(lock.planes(), pixels, 1);
            }
            assertEquals(0xff00ff00, pixels[0]);
            surface.attachments().set(AlphaMode.PREMULTIPLIED);
            try (SurfaceLock lock = surface.lock()) {
                BgraConverter.of(surface).convert(lock.planes(), pixels, 1);
            }
            assertEquals(0x0000ff00, pixels[0]);
        }
    }

    private static void fill(ByteBuffer bytes, int even, int odd) {
        for (int at = 0; at < bytes.capacity(); at++) {
            bytes.put(at, (byte) (at % 2 == 0 ? even : odd));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BGRA", "420v", "y420", "x420", "RGhA", "v210"})
    void afterTheFirstPictureNothingIsAllocated(String code) {
        PixelFormat format = PixelFormat.of(code);
        List<PlaneBuffer> planes = noise(description(format), 64, 8, new Random(SEED));
        int[] pixels = new int[64 * 8];
        BgraConverter converter = BgraConverter.of(format, YCbCrMatrix.BT709, AlphaMode.PREMULTIPLIED);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 100; i++) {
                converter.convert(planes, pixels, 64);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertTrue(least < 1000, "100 pictures allocate " + least + " bytes");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        BgraConverter converter = BgraConverter.of(PixelFormat.NV12_VIDEO, YCbCrMatrix.BT601, AlphaMode.NONE);
        List<PlaneBuffer> planes = noise(description(PixelFormat.NV12_VIDEO), 4, 4, new Random(SEED));
        int[] pixels = new int[16];
        assertRefused("420v has 2 planes, not 1", () -> converter.convert(planes.subList(0, 1), pixels, 4));
        assertRefused("pixels: a row needs 4 but has 3", () -> converter.convert(planes, pixels, 3));
        assertRefused("pixels: needs 16 but has 15", () -> converter.convert(planes, 0, 4, pixels, 1, 4));
        PlaneBuffer chroma = planes.get(1);
        PlaneBuffer narrow = new PlaneBuffer(chroma.bytes(), 3, 2, 2, 2);
        assertRefused(
                "a plane: a row needs 4 but has 3", () -> converter.convert(List.of(planes.get(0), narrow), pixels, 4));
        PlaneBuffer small =
                new PlaneBuffer(ByteBuffer.allocate(chroma.bytesPerRow() + 3), chroma.bytesPerRow(), 2, 2, 2);
        assertRefused("a plane: needs", () -> converter.convert(List.of(planes.get(0), small), pixels, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> converter.convert(planes, 0, 5, pixels, 0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> converter.convert(planes, -1, 1, pixels, 0, 4));
        assertRefused(
                "does not know the format what",
                () -> BgraConverter.of(PixelFormat.of("what"), YCbCrMatrix.BT601, AlphaMode.NONE));
        assertRefused(
                "hdep (depth, half float) has no colours of a known range",
                () -> BgraConverter.of(PixelFormat.of("hdep"), YCbCrMatrix.BT601, AlphaMode.NONE));
        assertFalse(BgraConverter.supports(PixelFormat.of("what")));
        assertRefused("no picture is 0 by 0", () -> BgraConverter.of(
                        PixelFormat.BGRA, YCbCrMatrix.BT601, AlphaMode.NONE)
                .convert(Collections.singletonList(new PlaneBuffer(ByteBuffer.allocate(0), 0, 0, 0, 4)), pixels, 4));
    }

    private static void assertRefused(String message, Runnable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(message), e::toString);
    }
}
