/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Alignment;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.platform.SurfaceCalls;
import java.util.ArrayList;
import java.util.List;

/** Asks the system for the layout of a surface that is there. */
final class LayoutReader {
    private LayoutReader() {}

    /** Reads the shape of a surface that is locked. */
    static SurfaceLayout read(SurfaceCalls calls, long surface) {
        int count = calls.planeCount(surface);
        long base = calls.baseAddress(surface);
        List<Plane> planes = new ArrayList<>();
        List<List<Component>> components = new ArrayList<>();
        for (int i = 0; i < Math.max(1, count); i++) {
            components.add(components(calls, surface, i));
        }
        for (int i = 0; i < count; i++) {
            planes.add(plane(calls, surface, i, calls.baseAddressOfPlane(surface, i) - base));
        }
        if (count == 0) {
            planes.add(
                    calls.width(surface) == 0
                            ? new Plane(0, 0, 1, 1, 1, 0, 0, calls.allocSize(surface))
                            : plane(calls, surface, 0, calls.baseAddressOfPlane(surface, 0) - base));
        }
        return new SurfaceLayout(
                new PixelFormat(calls.pixelFormat(surface)),
                Subsampling.of(calls.subsampling(surface)),
                Math.toIntExact(calls.width(surface)),
                Math.toIntExact(calls.height(surface)),
                count > 0,
                planes,
                components,
                calls.allocSize(surface));
    }

    private static List<Component> components(SurfaceCalls calls, long surface, int plane) {
        List<Component> components = new ArrayList<>();
        int count = calls.numberOfComponentsOfPlane(surface, plane);
        for (int i = 0; i < count; i++) {
            components.add(new Component(
                    ComponentName.of(calls.nameOfComponentOfPlane(surface, plane, i)),
                    ComponentType.of(calls.typeOfComponentOfPlane(surface, plane, i)),
                    ComponentRange.of(calls.rangeOfComponentOfPlane(surface, plane, i)),
                    calls.bitDepthOfComponentOfPlane(surface, plane, i),
                    calls.bitOffsetOfComponentOfPlane(surface, plane, i)));
        }
        return List.copyOf(components);
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
}
