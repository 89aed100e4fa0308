/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.YCbCrMatrix;
import io.machframe.surface.stream.FrameArea;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameInfo;
import java.io.IOException;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PictureMakerTest {
    private TestStream stream;
    private FrameClient client;
    private PictureMaker maker;

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
            stream.close();
        }
    }

    @Test
    void aBgraPictureIsTheMemoryOfItsFrame() throws Exception {
        open(641, 359, PixelFormat.BGRA);
        stream.publish((x, y) -> 0xff000000 | y << 16 | x);

        try (Picture picture = receive()) {
            assertTrue(picture.pixels().isDirect());
            assertEquals(656, picture.pixelsPerRow());
            assertEquals(0xff660280, picture.pixels().get(0x66 * 656 + 640));
        }
    }

    @Test
    void aBgraFrameIsHeldUntilItsPictureIsClosed() throws Exception {
        open(400, 400, PixelFormat.BGRA);
        stream.publish(-1);
        Picture picture = receive();

        assertEquals(1, stream.held());
        picture.close();
        picture.close();
        assertEquals(0, stream.held());
    }

    @Test
    void aPictureOutlivesItsConnection() throws Exception {
        open(400, 400, PixelFormat.BGRA);
        stream.publish(0xff123456);
        try (Picture picture = receive()) {
            stream.close();
            client.close();

            assertEquals(0xff123456, picture.pixels().get(400 * 399));
        }
    }

    @Test
    void framesInTheSameMemoryShareTheirPixels() throws Exception {
        open(400, 400, PixelFormat.BGRA);
        Map<IOSurface, IntBuffer> pixels = new HashMap<>();
        Set<Object> series = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            IOSurface surface = stream.publish(i);
            try (Picture picture = receive()) {
                assertSame(pixels.computeIfAbsent(surface, key -> picture.pixels()), picture.pixels());
                series.add(picture.series());
            }
        }
        assertTrue(pixels.size() < 10);
        assertEquals(1, series.size());
    }

    @Test
    void aSmallBgraPictureIsCopiedWithoutItsPadding() throws Exception {
        open(3, 2, PixelFormat.BGRA);
        IOSurface surface = stream.publish((x, y) -> 0xff000000 | y << 8 | x);

        Picture picture = receive();

        assertFalse(surface.isInUse());
        assertEquals(3, picture.pixelsPerRow());
        assertArrayEquals(
                new int[] {0xff000000, 0xff000001, 0xff000002, 0xff000100, 0xff000101, 0xff000102},
                picture.pixels().array());
    }

    @Test
    void aPictureOfOneRowIsDoubled() throws Exception {
        open(3, 1, PixelFormat.BGRA);
        stream.publish((x, y) -> 0xff000000 | x);

        Picture picture = receive();

        assertEquals(6, picture.width());
        assertEquals(2, picture.height());
        assertArrayEquals(
                IntStream.of(0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2)
                        .map(pixel -> 0xff000000 | pixel)
                        .toArray(),
                picture.pixels().array());
    }

    @Test
    void aPictureOfOneColumnIsDoubled() throws Exception {
        reopen(1, 2, FrameInfo.DEFAULT.withAlpha(AlphaMode.PREMULTIPLIED));
        stream.publish((x, y) -> y << 24);

        assertArrayEquals(
                IntStream.of(0, 0, 0, 0, 1, 1, 1, 1).map(pixel -> pixel << 24).toArray(),
                receive().pixels().array());
    }

    @Test
    void anNv12FrameIsGivenBackAtOnce() throws Exception {
        open(5, 3, PixelFormat.NV12_VIDEO);
        IOSurface surface = stream.publish(235, 128, 128);

        Picture picture = receive();

        assertFalse(surface.isInUse());
        assertEquals(5, picture.pixelsPerRow());
        assertEquals(0xffffffff, picture.pixels().get(14));
    }

    @Test
    void fullRangeIsToldFromVideoRange() throws Exception {
        open(2, 2, PixelFormat.NV12_FULL);
        stream.publish(235, 128, 128);

        assertEquals(0xffebebeb, receive().pixels().get(0));
    }

    @Test
    void convertedPixelsAreUsedAgainOnlyAfterTheirPictureIsClosed() throws Exception {
        open(2, 2, PixelFormat.NV12_VIDEO);
        stream.publish(100, 128, 128);
        Picture first = receive();
        stream.publish(100, 128, 128);
        Picture second = receive();
        first.close();
        stream.publish(100, 128, 128);
        Picture third = receive();

        assertNotSame(first.pixels(), second.pixels());
        assertSame(first.pixels(), third.pixels());
    }

    @Test
    void aFormatThatCannotBeDrawnIsNamed() {
        IOException refusal =
                assertThrows(IOException.class, () -> new PictureMaker(FrameFormat.of(2, 2, PixelFormat.of("hdep"))));

        assertEquals("its frames are 'hdep', which this view cannot draw", refusal.getMessage());
    }

    /** A frame whose alpha means nothing is to be drawn on black, or is opaque already; straight alpha is multiplied. */
    @Test
    void alphaIsWhatTheFrameSays() throws Exception {
        open(301, 300, PixelFormat.BGRA);
        for (int transparent : new int[] {0, 300, 301 * 150, 301 * 300 - 1}) {
            stream.publish((x, y) -> y * 301 + x == transparent ? 0x0000ff00 : 0xff00ff00);
            try (Picture none = receive()) {
                assertFalse(none.pixels().isDirect());
                for (int i = 0; i < 301 * 300; i++) {
                    assertEquals(0xff00ff00, none.pixels().get(i));
                }
            }
        }
        stream.publish(0xff00ff00);
        assertTrue(receive().pixels().isDirect(), "no copy is needed");

        reopen(300, 300, FrameInfo.DEFAULT.withAlpha(AlphaMode.PREMULTIPLIED));
        stream.publish(0x80004000);
        Picture premultiplied = receive();
        assertTrue(premultiplied.pixels().isDirect());
        assertEquals(0x80004000, premultiplied.pixels().get(0));

        reopen(300, 300, FrameInfo.DEFAULT.withAlpha(AlphaMode.STRAIGHT));
        stream.publish(0x8000ff00);
        Picture straight = receive();
        assertEquals(0x80008000, straight.pixels().get(0));
        assertEquals(0x80008000, straight.pixels().get(300 * 300 - 1));

        reopen(20, 20, FrameInfo.DEFAULT);
        stream.publish(0x0000ff00);
        assertEquals(0xff00ff00, receive().pixels().get(20 * 20 - 1));
    }

    @Test
    void theMatrixIsThatOfEachFrame() throws Exception {
        FrameInfo bt601 = FrameInfo.DEFAULT.withColor(FrameColor.UNSPECIFIED.withMatrix(YCbCrMatrix.BT601));
        FrameInfo bt709 = FrameInfo.DEFAULT.withColor(FrameColor.UNSPECIFIED.withMatrix(YCbCrMatrix.BT709));
        open(4, 4, PixelFormat.NV12_VIDEO);
        for (FrameInfo info : List.of(bt601, bt709, bt601)) {
            stream.info(info);
            stream.publish(81, 90, 240);
            int green = receive().pixels().get(0) >> 8 & 255;
            assertEquals(info.equals(bt601) ? 0 : 23, green, 1);
        }
        stream.info(FrameInfo.DEFAULT.withColor(new FrameColor(2, 2, 14, FrameColor.Range.UNSPECIFIED)));
        stream.publish(81, 90, 240);
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, this::receive);
        assertTrue(refusal.getMessage().contains("matrix number 14"), refusal.getMessage());
    }

    @Test
    void onlyTheCropIsDrawn() throws Exception {
        reopen(300, 280, FrameInfo.DEFAULT.withCrop(new FrameArea(100, 50, 40, 30)));
        stream.publish((x, y) -> 0xff000000 | y << 12 | x);
        Picture picture = receive();
        assertEquals(40, picture.frameWidth());
        assertEquals(30, picture.frameHeight());
        assertEquals(0xff000000 | 50 << 12 | 100, picture.pixels().get(0));
        assertEquals(0xff000000 | 79 << 12 | 139, picture.pixels().get(29 * picture.pixelsPerRow() + 39));
    }

    @Test
    void everyFormatThatCanBeConvertedIsDrawn() throws Exception {
        open(4, 4, PixelFormat.P010_VIDEO);
        stream.publish(128, 128, 128);
        assertEquals(0xff, receive().pixels().get(0) >>> 24);
    }

    private void open(int width, int height, PixelFormat format) throws Exception {
        stream = TestStream.open("pictures", width, height, format);
        connect();
    }

    private void reopen(int width, int height, FrameInfo info) throws Exception {
        close();
        stream = TestStream.open("pictures", width, height, PixelFormat.BGRA, info);
        connect();
    }

    private void connect() throws Exception {
        client = FrameClient.connect("pictures");
        maker = new PictureMaker(client.format());
    }

    private Picture receive() throws Exception {
        return maker.pictureOf(Objects.requireNonNull(client.tryReceive(Duration.ofSeconds(30))));
    }
}
