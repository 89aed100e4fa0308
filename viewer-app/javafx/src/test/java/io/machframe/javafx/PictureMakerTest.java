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
import io.machframe.surface.format.AlphaMode;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.YCbCrMatrix;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import java.io.IOException;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
        stream.publish((x, y) -> x);

        Picture picture = receive();

        assertEquals(6, picture.width());
        assertEquals(2, picture.height());
        assertArrayEquals(
                new int[] {0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2}, picture.pixels().array());
    }

    @Test
    void aPictureOfOneColumnIsDoubled() throws Exception {
        open(1, 2, PixelFormat.BGRA);
        stream.publish((x, y) -> y);

        assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1}, receive().pixels().array());
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
    void theMatrixAttachedToASurfaceMakesTheColours() throws Exception {
        open(2, 2, PixelFormat.NV12_VIDEO);
        stream.publish(63, 102, 240).attachments().set(YCbCrMatrix.BT709);

        assertEquals(0xffff0100, receive().pixels().get(0), "red in BT.709, but darker in the BT.601 of its height");
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

    /** A frame whose alpha means nothing is opaque everywhere, whatever stands in its fourth bytes. */
    @Test
    void alphaThatMeansNothingIsNotDrawn() throws Exception {
        open(300, 300, PixelFormat.BGRA);
        stream.publish(0x0000ff00).attachments().set(AlphaMode.NONE);
        Picture picture = receive();
        assertEquals(0xff00ff00, picture.pixels().get(0));
        assertEquals(0xff00ff00, picture.pixels().get(300 * 300 - 1));
    }

    @Test
    void everyFormatThatCanBeConvertedIsDrawn() throws Exception {
        open(4, 4, PixelFormat.P010_VIDEO);
        stream.publish(128, 128, 128);
        assertEquals(0xff, receive().pixels().get(0) >>> 24);
    }

    private void open(int width, int height, PixelFormat format) throws Exception {
        stream = TestStream.open("pictures", width, height, format);
        client = FrameClient.connect("pictures");
        maker = new PictureMaker(client.format());
    }

    private Picture receive() throws Exception {
        return maker.pictureOf(Objects.requireNonNull(client.tryReceive(Duration.ofSeconds(30))));
    }
}
