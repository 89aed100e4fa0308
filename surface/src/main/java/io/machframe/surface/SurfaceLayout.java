/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.platform.SurfaceKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The whole shape of a surface, never changed once it is made.
 *
 * @param width pixels, 0 without dimensions
 * @param height pixels, 0 without dimensions
 * @param planar whether it has planes in the sense of C
 * @param planes at least one
 * @param allocSize bytes in all
 */
record SurfaceLayout(PixelFormat format, int width, int height, boolean planar, List<Plane> planes, long allocSize) {
    SurfaceLayout {
        planes = List.copyOf(planes);
    }

    /** Reads the shape of a surface that is locked. */
    static SurfaceLayout of(SurfaceCalls calls, long surface) {
        int count = calls.planeCount(surface);
        long base = calls.baseAddress(surface);
        List<Plane> planes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            planes.add(plane(calls, surface, i, calls.baseAddressOfPlane(surface, i) - base));
        }
        if (count == 0) {
            planes.add(
                    calls.width(surface) == 0
                            ? new Plane(0, 0, 1, 1, 1, 0, 0, calls.allocSize(surface))
                            : plane(calls, surface, 0, 0));
        }
        return new SurfaceLayout(
                new PixelFormat(calls.pixelFormat(surface)),
                Math.toIntExact(calls.width(surface)),
                Math.toIntExact(calls.height(surface)),
                count > 0,
                planes,
                calls.allocSize(surface));
    }

    private static Plane plane(SurfaceCalls calls, long surface, int index, long offset) {
        long height = calls.heightOfPlane(surface, index);
        long elementHeight = calls.elementHeightOfPlane(surface, index);
        long bytesPerRow = calls.bytesPerRowOfPlane(surface, index);
        return new Plane(
                Math.toIntExact(calls.widthOfPlane(surface, index)),
                Math.toIntExact(height),
                Math.toIntExact(calls.bytesPerElementOfPlane(surface, index)),
                Math.toIntExact(calls.elementWidthOfPlane(surface, index)),
                Math.toIntExact(elementHeight),
                Math.toIntExact(bytesPerRow),
                offset,
                bytesPerRow * Alignment.ceilDiv(height, Math.max(1, elementHeight)));
    }

    /** Returns the properties of the surface as a whole, as the seam takes them: complete. */
    Map<SurfaceKey, Long> dictionary() {
        Map<SurfaceKey, Long> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.ALLOC_SIZE, allocSize);
        if (width > 0) {
            values.put(SurfaceKey.WIDTH, (long) width);
            values.put(SurfaceKey.HEIGHT, (long) height);
        }
        if (!format.equals(PixelFormat.NONE)) {
            values.put(SurfaceKey.PIXEL_FORMAT, Integer.toUnsignedLong(format.code()));
        }
        if (!planar && width > 0) {
            Plane plane = planes.get(0);
            values.put(SurfaceKey.BYTES_PER_ELEMENT, (long) plane.bytesPerElement());
            values.put(SurfaceKey.ELEMENT_WIDTH, (long) plane.elementWidth());
            values.put(SurfaceKey.ELEMENT_HEIGHT, (long) plane.elementHeight());
            values.put(SurfaceKey.BYTES_PER_ROW, (long) plane.bytesPerRow());
        }
        return values;
    }

    /** Returns the properties of each plane, as the seam takes them; none for a surface that is not planar. */
    List<Map<SurfaceKey, Long>> planeDictionaries() {
        return planar ? planes.stream().map(SurfaceLayout::dictionary).toList() : List.of();
    }

    private static Map<SurfaceKey, Long> dictionary(Plane plane) {
        Map<SurfaceKey, Long> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.PLANE_WIDTH, (long) plane.width());
        values.put(SurfaceKey.PLANE_HEIGHT, (long) plane.height());
        values.put(SurfaceKey.PLANE_BYTES_PER_ELEMENT, (long) plane.bytesPerElement());
        values.put(SurfaceKey.PLANE_ELEMENT_WIDTH, (long) plane.elementWidth());
        values.put(SurfaceKey.PLANE_ELEMENT_HEIGHT, (long) plane.elementHeight());
        values.put(SurfaceKey.PLANE_BYTES_PER_ROW, (long) plane.bytesPerRow());
        values.put(SurfaceKey.PLANE_OFFSET, plane.offset());
        values.put(SurfaceKey.PLANE_SIZE, plane.size());
        return values;
    }
}
