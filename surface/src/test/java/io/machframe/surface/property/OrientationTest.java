/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class OrientationTest {
    private static int[] shown(Orientation way, int[] place) {
        return new int[] {way.a() * place[0] + way.c() * place[1], way.b() * place[0] + way.d() * place[1]};
    }

    @Test
    void exifNumbersThemInOrder() {
        int number = 0;
        for (Orientation way : Orientation.values()) {
            assertEquals(++number, way.code());
        }
    }

    /** Where the top left of the picture is seen, and the top right: the words of the Exif standard. */
    @Test
    void theCornersAreWhereExifSays() {
        int[][] topLeft = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
        int[][] topRight = {{1, -1}, {-1, -1}, {-1, 1}, {1, 1}, {-1, 1}, {1, 1}, {1, -1}, {-1, -1}};
        for (Orientation way : Orientation.values()) {
            assertArrayEquals(topLeft[way.code() - 1], shown(way, new int[] {-1, -1}), way.name());
            assertArrayEquals(topRight[way.code() - 1], shown(way, new int[] {1, -1}), way.name());
        }
    }

    @Test
    void oneAfterTheOtherIsOneOfThem() {
        for (Orientation first : Orientation.values()) {
            assertEquals(first, Orientation.of(first.a(), first.b(), first.c(), first.d()));
            assertEquals(first, Orientation.of(7 * first.a(), 7 * first.b(), 7 * first.c(), 7 * first.d()));
            for (Orientation next : Orientation.values()) {
                int[] place = {-3, 5};
                assertArrayEquals(shown(next, shown(first, place)), shown(first.then(next), place));
            }
        }
    }
}
