/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.PixelFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any size up to 8192 on each side, in any format of the catalogue, under any policy. */
final class LayoutPropertyTest {
    private static final long SEED = 20250102;
    private static final int CASES = 20_000;
    private static final int MOST = 8192;

    @Test
    void planesLieInOrderInsideTheAllocationAligned() {
        forEachCase((layout, policy) -> {
            long end = 0;
            for (Plane plane : layout.planes()) {
                assertTrue(plane.offset() >= end, "planes overlap");
                end = plane.offset() + plane.size();
                assertEquals(0, plane.offset() % policy.planeAlignment());
                assertEquals(0, plane.bytesPerRow() % policy.rowAlignment());
                assertTrue(plane.size() >= (long) plane.bytesPerRow() * plane.height());
            }
            assertEquals(end, layout.allocSize());
        });
    }

    @Test
    void eachPlaneHoldsItsPixelsAndNoMoreThanTheAlignmentAsksFor() {
        forEachCase((layout, policy) -> {
            List<FormatDescription.PlaneShape> shapes =
                    layout.format().description().orElseThrow().planes();
            int ofFormat = layout.format().equals(PixelFormat.V210_VIDEO) ? 128 : 1;
            int rowAlignment = Math.max(ofFormat, policy.rowAlignment());
            assertEquals(shapes.size(), layout.planes().size());
            for (int i = 0; i < shapes.size(); i++) {
                Plane plane = layout.planes().get(i);
                FormatDescription.PlaneShape shape = shapes.get(i);
                // An independent formula: count the elements one by one, so to say.
                int columns = Math.max(
                        1,
                        layout.width() / shape.widthDivisor() + (layout.width() % shape.widthDivisor() == 0 ? 0 : 1));
                int rows = layout.height() / shape.heightDivisor()
                        + (layout.height() % shape.heightDivisor() == 0 ? 0 : 1);
                assertEquals(columns, plane.width());
                assertEquals(rows, plane.height());
                int elements = columns / shape.elementWidth() + (columns % shape.elementWidth() == 0 ? 0 : 1);
                int needed = elements * shape.bytesPerElement();
                assertTrue(plane.bytesPerRow() >= needed);
                assertTrue(plane.bytesPerRow() - needed < rowAlignment);
                assertEquals(0, plane.bytesPerRow() % rowAlignment);
                for (Component component : layout.components().get(i)) {
                    assertTrue(component.bitOffset() + component.bitDepth() <= plane.bytesPerElement() * 8);
                }
            }
        });
    }

    private interface Property {
        void check(SurfaceLayout layout, LayoutPolicy policy);
    }

    private static void forEachCase(Property property) {
        Random random = new Random(SEED);
        List<PixelFormat> formats = PixelFormat.known();
        List<LayoutPolicy> policies = List.of(LayoutPolicy.values());
        for (int i = 0; i < CASES; i++) {
            int width = 1 + random.nextInt(MOST);
            int height = 1 + random.nextInt(MOST);
            PixelFormat format = formats.get(random.nextInt(formats.size()));
            LayoutPolicy policy = policies.get(random.nextInt(policies.size()));
            SurfaceProperties properties = SurfaceProperties.unspecified()
                    .withWidth(width)
                    .withHeight(height)
                    .withPixelFormat(format)
                    .withLayoutPolicy(policy);
            SurfaceLayout layout =
                    LayoutCalculation.layOut(properties, new Alignment(policy.rowAlignment(), policy.planeAlignment()));
            try {
                property.check(layout, policy);
            } catch (AssertionError e) {
                throw new AssertionError(format + " " + width + "x" + height + " " + policy + ": " + layout, e);
            }
        }
    }
}
