/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

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
        FakeFrame frame = FakeFrame.bgra(17, 3, (x, y) -> 0xff000000 | y << 8 | x);

        Picture picture = maker.pictureOf(frame);

        assertTrue(picture.pixels().isDirect());
        assertEquals(32, picture.pixelsPerRow());
        assertEquals(0xff000210, picture.pixels().get(2 * 32 + 16));
    }

    @Test
    void aBgraFrameIsHeldUntilItsPictureIsClosed() throws IOException {
        FakeFrame frame = FakeFrame.bgra(4, 4, (x, y) -> -1);
        Picture picture = maker.pictureOf(frame);

        assertFalse(frame.isClosed());
        picture.close();
        picture.close();
        assertTrue(frame.isClosed());
    }

    @Test
    void framesInTheSameMemoryShareTheirPixels() throws IOException {
        FakeFrame one = FakeFrame.bgra(4, 4, (x, y) -> -1);
        FakeFrame other = FakeFrame.bgra(4, 4, (x, y) -> -1);

        Picture first = maker.pictureOf(one);
        Picture second = maker.pictureOf(other);
        Picture third = maker.pictureOf(one.next(2));

        assertSame(first.series(), second.series());
        assertNotSame(first.pixels(), second.pixels());
        assertSame(first.pixels(), third.pixels());
    }

    @Test
    void anotherSizeBeginsAnotherSeries() throws IOException {
        Picture small = maker.pictureOf(FakeFrame.bgra(4, 4, (x, y) -> -1));
        Picture large = maker.pictureOf(FakeFrame.bgra(4, 5, (x, y) -> -1));

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
