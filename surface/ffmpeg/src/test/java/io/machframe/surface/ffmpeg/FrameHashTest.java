/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FrameHashTest {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 5;

    private final FrameHash hash = new FrameHash();

    @ParameterizedTest
    @EnumSource
    void theSamePictureHasTheSameHashInMemoryOfAnyStride(PixelLayout layout) {
        Picture padded = Picture.allocate(layout, WIDTH, HEIGHT);
        fill(padded);
        Picture tight = tight(layout);
        tight.copyFrom(padded);
        assertEquals(hash.of(padded), hash.of(tight));
    }

    @ParameterizedTest
    @EnumSource
    void everyVisibleByteCountsAndNoOther(PixelLayout layout) {
        Picture picture = Picture.allocate(layout, WIDTH, HEIGHT);
        fill(picture);
        long before = hash.of(picture);
        for (int plane = 0; plane < layout.planeCount(); plane++) {
            ByteBuffer bytes = picture.plane(plane);
            for (int i = 0; i < bytes.capacity(); i++) {
                bytes.put(i, (byte) (bytes.get(i) ^ 1));
                if (i % picture.stride(plane) < layout.rowBytes(plane, WIDTH)) {
                    assertNotEquals(before, hash.of(picture), "byte " + i + " of plane " + plane);
                } else {
                    assertEquals(before, hash.of(picture), "byte " + i + " of plane " + plane);
                }
                bytes.put(i, (byte) (bytes.get(i) ^ 1));
            }
        }
    }

    @Test
    void bothHalvesChange() {
        Picture picture = Picture.allocate(PixelLayout.BGRA, WIDTH, HEIGHT);
        long before = hash.of(picture);
        picture.plane(0).put(0, (byte) 1);
        long after = hash.of(picture);
        assertNotEquals(before >>> 32, after >>> 32);
        assertNotEquals((int) before, (int) after);
    }

    @Test
    void memoryThatCannotBeWrittenCanBeHashed() {
        Picture picture = Picture.allocate(PixelLayout.BGRA, WIDTH, HEIGHT);
        fill(picture);
        ByteBuffer view = picture.plane(0).asReadOnlyBuffer();
        assertEquals(hash.of(picture), hash.of(Picture.of(PixelLayout.BGRA, WIDTH, HEIGHT, view, picture.stride(0))));
    }

    private static void fill(Picture picture) {
        for (int plane = 0; plane < picture.layout().planeCount(); plane++) {
            byte[] noise = new byte[picture.plane(plane).capacity()];
            new Random(plane).nextBytes(noise);
            picture.plane(plane).put(0, noise);
        }
    }

    private static Picture tight(PixelLayout layout) {
        int first = layout.rowBytes(0, WIDTH);
        ByteBuffer luma = ByteBuffer.allocateDirect(first * HEIGHT);
        if (layout.planeCount() == 1) {
            return Picture.of(layout, WIDTH, HEIGHT, luma, first);
        }
        int second = layout.rowBytes(1, WIDTH);
        ByteBuffer chroma = ByteBuffer.allocateDirect(second * layout.rows(1, HEIGHT));
        return Picture.of(layout, WIDTH, HEIGHT, luma, first, chroma, second);
    }
}
