/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PictureMakerTest {
    private final PictureMaker maker = new PictureMaker();

    @Test
    void aBgraPictureIsTheMemoryOfItsFrame() throws IOException {
        FakeFrame frame = FakeFrame.bgra(641, 359, (x, y) -> 0xff000000 | y << 16 | x);

        Picture picture = maker.pictureOf(frame);

        assertTrue(picture.pixels().isDirect());
        assertEquals(656, picture.pixelsPerRow());
        assertEquals(0xff660280, picture.pixels().get(0x66 * 656 + 640));
    }

    @Test
    void aSmallBgraPictureIsCopiedWithoutItsPadding() throws IOException {
        FakeFrame frame = FakeFrame.bgra(3, 2, (x, y) -> 0xff000000 | y << 8 | x);

        Picture picture = maker.pictureOf(frame);

        assertTrue(frame.isClosed());
        assertEquals(3, picture.pixelsPerRow());
        assertArrayEquals(
                new int[] {0xff000000, 0xff000001, 0xff000002, 0xff000100, 0xff000101, 0xff000102},
                picture.pixels().array());
    }

    @Test
    void aPictureOfOneRowIsDoubled() throws IOException {
        Picture picture = maker.pictureOf(FakeFrame.bgra(3, 1, (x, y) -> x));

        assertEquals(6, picture.width());
        assertEquals(2, picture.height());
        assertArrayEquals(
                new int[] {0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2}, picture.pixels().array());
    }

    @Test
    void aPictureOfOneColumnIsDoubled() throws IOException {
        Picture picture = maker.pictureOf(FakeFrame.bgra(1, 2, (x, y) -> y));

        assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1}, picture.pixels().array());
    }

    @Test
    void aBgraFrameIsHeldUntilItsPictureIsClosed() throws IOException {
        FakeFrame frame = FakeFrame.bgra(400, 400, (x, y) -> -1);
        Picture picture = maker.pictureOf(frame);

        assertFalse(frame.isClosed());
        picture.close();
        picture.close();
        assertTrue(frame.isClosed());
    }

    @Test
    void framesInTheSameMemoryShareTheirPixels() throws IOException {
        FakeFrame one = FakeFrame.bgra(400, 400, (x, y) -> -1);
        FakeFrame other = FakeFrame.bgra(400, 400, (x, y) -> -1);

        Picture first = maker.pictureOf(one);
        Picture second = maker.pictureOf(other);
        Picture third = maker.pictureOf(one.next(2));

        assertSame(first.series(), second.series());
        assertNotSame(first.pixels(), second.pixels());
        assertSame(first.pixels(), third.pixels());
    }

    @Test
    void anotherSizeBeginsAnotherSeries() throws IOException {
        Picture small = maker.pictureOf(FakeFrame.bgra(400, 400, (x, y) -> -1));
        Picture large = maker.pictureOf(FakeFrame.bgra(400, 401, (x, y) -> -1));

        assertNotSame(small.series(), large.series());
    }

    @Test
    void anNv12FrameIsGivenBackAtOnce() throws IOException {
        FakeFrame frame = FakeFrame.nv12("420v", 5, 3, 235, 128, 128);

        Picture picture = maker.pictureOf(frame);

        assertTrue(frame.isClosed());
        assertEquals(5, picture.pixelsPerRow());
        assertEquals(0xffffffff, picture.pixels().get(14));
    }

    @Test
    void fullRangeIsToldFromVideoRange() throws IOException {
        assertEquals(
                0xffebebeb,
                maker.pictureOf(FakeFrame.nv12("420f", 2, 2, 235, 128, 128))
                        .pixels()
                        .get(0));
        assertEquals(
                0xffffffff,
                maker.pictureOf(FakeFrame.nv12("420v", 2, 2, 235, 128, 128))
                        .pixels()
                        .get(0));
    }

    @Test
    void convertedPixelsAreUsedAgainOnlyAfterTheirPictureIsClosed() throws IOException {
        FakeFrame frame = FakeFrame.nv12("420v", 2, 2, 100, 128, 128);

        Picture first = maker.pictureOf(frame);
        Picture second = maker.pictureOf(frame);
        first.close();
        Picture third = maker.pictureOf(frame);

        assertNotSame(first.pixels(), second.pixels());
        assertSame(first.pixels(), third.pixels());
    }

    @Test
    void aFormatThatCannotBeDrawnIsNamedAndItsFrameGivenBack() {
        FakeFrame frame = FakeFrame.nv12("x420", 2, 2, 100, 128, 128);

        IOException refusal = assertThrows(IOException.class, () -> maker.pictureOf(frame));

        assertEquals("frames are 'x420', which this viewer cannot draw", refusal.getMessage());
        assertTrue(frame.isClosed());
    }
}
