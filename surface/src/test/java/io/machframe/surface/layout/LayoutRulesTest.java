/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layouts that a peer may claim: every number is its own to choose. */
final class LayoutRulesTest {
    private static final Plane LUMA = new Plane(64, 32, 1, 1, 1, 64, 0, 2048);
    private static final Plane CHROMA = new Plane(32, 16, 2, 1, 1, 64, 2048, 1024);

    private static SurfaceLayout layout(int width, int height, boolean planar, long allocSize, Plane... planes) {
        List<List<Component>> none = Collections.nCopies(planes.length, List.of());
        return new SurfaceLayout(
                PixelFormat.NONE, Subsampling.UNKNOWN, width, height, planar, List.of(planes), none, allocSize);
    }

    private static void assertRefused(SurfaceLayout layout, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, layout::requireValid);
        assertTrue(e.getMessage().contains(message), e::toString);
    }

    @Test
    void whatFitsTogetherIsValid() {
        SurfaceLayout video = layout(64, 32, true, 3072, LUMA, CHROMA);
        assertSame(video, video.requireValid());
        layout(0, 0, false, 5, new Plane(0, 0, 1, 1, 1, 0, 0, 5)).requireValid();
        layout(64, 32, false, 2048, LUMA).requireValid();
    }

    @Test
    void planesAreOneOrMoreSideBySideInTheMemory() {
        assertRefused(layout(64, 32, true, 3072), "kIOSurfacePlaneInfo is missing");
        assertRefused(layout(64, 32, false, 3072, LUMA, CHROMA), "kIOSurfacePlaneInfo is missing");
        assertRefused(layout(64, 32, true, 3071, LUMA, CHROMA), "kIOSurfaceAllocSize is 3071, the planes need 3072");
        assertRefused(layout(64, 32, true, 3072, LUMA, LUMA), "the plane would overlap another");
        assertRefused(layout(32, 32, false, 2048, LUMA), "kIOSurfaceWidth is not that of the only plane");
        Plane tiny = new Plane(1, 1, 1, 1, 1, 1, 0, 1);
        List<Plane> many = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            many.add(new Plane(1, 1, 1, 1, 1, 1, i, 1));
        }
        assertRefused(layout(1, 1, true, 17, many.toArray(Plane[]::new)), "has more than 16 entries");
        assertRefused(layout(0, 0, true, 1, tiny), "kIOSurfaceWidth is 0");
        assertRefused(layout(0, 1, false, 1, tiny), "kIOSurfaceWidth is 0");
        assertRefused(layout(0, 0, false, 1, tiny), "means nothing in memory without dimensions");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void theMemoryHasAByte(long size) {
        assertRefused(layout(0, 0, false, size, new Plane(0, 0, 1, 1, 1, 0, 0, 0)), "kIOSurfaceAllocSize is " + size);
    }

    static Stream<Plane> impossiblePlanes() {
        List<Plane> planes = new ArrayList<>();
        for (int bad : new int[] {0, -1, Integer.MIN_VALUE}) {
            planes.add(new Plane(bad, 32, 1, 1, 1, 64, 0, 2048));
            planes.add(new Plane(64, bad, 1, 1, 1, 64, 0, 2048));
            planes.add(new Plane(64, 32, bad, 1, 1, 64, 0, 2048));
            planes.add(new Plane(64, 32, 1, bad, 1, 64, 0, 2048));
            planes.add(new Plane(64, 32, 1, 1, bad, 64, 0, 2048));
            planes.add(new Plane(64, 32, 1, 1, 1, bad, 0, 2048));
            planes.add(new Plane(64, 32, 1, 1, 1, 64, 0, 2048, 0, bad));
        }
        for (long bad : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40}) {
            planes.add(new Plane(64, 32, 1, 1, 1, 64, bad, 2048));
            planes.add(new Plane(64, 32, 1, 1, 1, 64, 0, bad));
            planes.add(new Plane(64, 32, 1, 1, 1, 64, 0, 2048, bad, 8));
            planes.add(new Plane(64, 32, 1, 1, 1, 64, bad, bad));
        }
        int most = Integer.MAX_VALUE;
        planes.add(new Plane(most, most, most, 1, 1, most, 0, 2048));
        planes.add(new Plane(most, most, most, 1, 1, most, 0, Long.MAX_VALUE));
        planes.add(new Plane(64, most, 1, 1, 1, most, 0, 2048));
        planes.add(new Plane(64, 32, 1, 1, 1, 63, 0, 2048));
        planes.add(new Plane(64, 33, 1, 1, 1, 64, 0, 2048));
        planes.add(new Plane(64, 32, 1, 1, 1, 64, 0, 2048, 0, 9));
        planes.add(new Plane(64, 32, 1, 1, 1, 64, 0, 2048, 0, Long.MAX_VALUE));
        return planes.stream();
    }

    @ParameterizedTest
    @MethodSource("impossiblePlanes")
    void aPlaneThatCannotBeIsRefused(Plane plane) {
        assertThrows(IllegalArgumentException.class, () -> layout(64, 32, true, 4096, plane)
                .requireValid());
        assertThrows(IllegalArgumentException.class, () -> layout(plane.width(), plane.height(), false, 4096, plane)
                .requireValid());
    }

    @Test
    void elementsOfSeveralPixelsAndRowsAreCountedWhole() {
        assertEquals(4, new Plane(7, 7, 4, 2, 2, 16, 0, 64).rows());
        assertEquals(16, new Plane(7, 7, 4, 2, 2, 16, 0, 64).rowBytes());
        layout(7, 7, false, 64, new Plane(7, 7, 4, 2, 2, 16, 0, 64)).requireValid();
        assertRefused(layout(7, 7, false, 64, new Plane(7, 7, 4, 2, 2, 15, 0, 64)), "a row of pixels needs 16");
    }
}
