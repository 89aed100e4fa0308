/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PictureTest {
    @Test
    void chromaOfOddSizesIsRoundedUp() {
        Picture picture = Picture.allocate(PixelLayout.NV12_VIDEO, 641, 359);
        assertEquals(642, picture.rowBytes(1));
        assertEquals(180, picture.rows(1));
        assertEquals(704, picture.stride(1));
        assertTrue(picture.isPadded());
    }

    @Test
    void theSmallestPictureHasChromaToo() {
        Picture picture = Picture.allocate(PixelLayout.NV12_FULL, 1, 1);
        assertEquals(2, picture.rowBytes(1));
        assertEquals(1, picture.rows(1));
    }

    @Test
    void memoryIsTakenFromItsPosition() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(20).put(16, (byte) 9).position(16);
        assertEquals(9, Picture.of(PixelLayout.BGRA, 1, 1, bytes, 4).plane(0).get(0));
    }

    @Test
    void theLastRowNeedNoPadding() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64 + 4);
        assertFalse(Picture.of(PixelLayout.BGRA, 1, 2, bytes, 64).isPadded());
    }

    @Test
    void memoryThatIsTooSmallIsRefused() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64 + 3);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Picture.of(PixelLayout.BGRA, 1, 2, bytes, 64));
        assertEquals("plane 0 needs 2 rows of 4 bytes, but has 67 bytes with a stride of 64", e.getMessage());
    }

    @Test
    void aStrideShorterThanARowIsRefused() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        assertThrows(IllegalArgumentException.class, () -> Picture.of(PixelLayout.BGRA, 2, 2, bytes, 4));
    }

    @Test
    void memoryOnTheHeapIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> Picture.of(PixelLayout.BGRA, 1, 1, ByteBuffer.allocate(64), 64));
    }

    @Test
    void aMissingPlaneIsRefused() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        assertThrows(IllegalArgumentException.class, () -> Picture.of(PixelLayout.NV12_VIDEO, 1, 1, bytes, 64));
    }

    @Test
    void aPictureWithoutPixelsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Picture.allocate(PixelLayout.BGRA, 0, 1));
    }
}
