/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** A layout as C has it: a dictionary on the way in, and the answers of two dozen functions on the way out. */
final class DarwinLayout {
    private DarwinLayout() {}

    /** Returns what {@code IOSurfaceCreate} is given: numbers, booleans, texts, and lists and maps of them. */
    static Map<SurfaceKey, Object> dictionary(SurfaceLayout layout, SurfaceProperties options) {
        Map<SurfaceKey, Object> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.ALLOC_SIZE, layout.allocSize());
        if (layout.width() > 0) {
            values.put(SurfaceKey.WIDTH, (long) layout.width());
            values.put(SurfaceKey.HEIGHT, (long) layout.height());
        }
        if (!layout.format().equals(PixelFormat.NONE)) {
            values.put(
                    SurfaceKey.PIXEL_FORMAT,
                    Integer.toUnsignedLong(layout.format().code()));
        }
        if (layout.subsampling() != Subsampling.UNKNOWN) {
            values.put(SurfaceKey.SUBSAMPLING, (long) layout.subsampling().number());
        }
        if (layout.planar()) {
            List<Map<SurfaceKey, Object>> planes = new ArrayList<>();
            for (int i = 0; i < layout.planes().size(); i++) {
                planes.add(plane(layout.planes().get(i), layout.components().get(i)));
            }
            values.put(SurfaceKey.PLANE_INFO, planes);
        } else {
            putOnlyPlane(values, layout);
        }
        putOptions(values, options);
        return values;
    }

    private static void putOnlyPlane(Map<SurfaceKey, Object> values, SurfaceLayout layout) {
        if (layout.width() > 0) {
            Plane plane = layout.planes().get(0);
            values.put(SurfaceKey.BYTES_PER_ELEMENT, (long) plane.bytesPerElement());
            values.put(SurfaceKey.ELEMENT_WIDTH, (long) plane.elementWidth());
            values.put(SurfaceKey.ELEMENT_HEIGHT, (long) plane.elementHeight());
            values.put(SurfaceKey.BYTES_PER_ROW, (long) plane.bytesPerRow());
        }
        putComponents(values, layout.components().get(0));
    }

    private static Map<SurfaceKey, Object> plane(Plane plane, List<Component> components) {
        Map<SurfaceKey, Object> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.PLANE_WIDTH, (long) plane.width());
        values.put(SurfaceKey.PLANE_HEIGHT, (long) plane.height());
        values.put(SurfaceKey.PLANE_BYTES_PER_ELEMENT, (long) plane.bytesPerElement());
        values.put(SurfaceKey.PLANE_ELEMENT_WIDTH, (long) plane.elementWidth());
        values.put(SurfaceKey.PLANE_ELEMENT_HEIGHT, (long) plane.elementHeight());
        values.put(SurfaceKey.PLANE_BYTES_PER_ROW, (long) plane.bytesPerRow());
        values.put(SurfaceKey.PLANE_OFFSET, plane.start());
        values.put(SurfaceKey.PLANE_SIZE, plane.header() + plane.size());
        if (plane.header() != 0) {
            values.put(SurfaceKey.PLANE_BASE, plane.offset());
        }
        if (plane.hasPartialBytes()) {
            values.put(SurfaceKey.PLANE_BITS_PER_ELEMENT, plane.bitsPerElement());
        }
        putComponents(values, components);
        return values;
    }

    private static void putComponents(Map<SurfaceKey, Object> values, List<Component> all) {
        if (!all.isEmpty()) {
            values.put(
                    SurfaceKey.PLANE_COMPONENT_NAMES, numbers(all, c -> c.name().number()));
            values.put(
                    SurfaceKey.PLANE_COMPONENT_TYPES, numbers(all, c -> c.type().number()));
            values.put(SurfaceKey.PLANE_COMPONENT_RANGES, numbers(all, c -> c.range()
                    .number()));
            values.put(SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS, numbers(all, Component::bitDepth));
            values.put(SurfaceKey.PLANE_COMPONENT_BIT_OFFSETS, numbers(all, Component::bitOffset));
        }
    }

    private static List<Long> numbers(List<Component> components, ToLongFunction<Component> number) {
        return components.stream().map(number::applyAsLong).toList();
    }

    private static void putOptions(Map<SurfaceKey, Object> values, SurfaceProperties options) {
        if (options.cacheMode() != CacheMode.DEFAULT) {
            values.put(SurfaceKey.CACHE_MODE, (long) options.cacheMode().mapNumber());
        }
        if (!options.isPixelSizeCastingAllowed()) {
            values.put(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED, false);
        }
        if (options.isGlobal()) {
            values.put(SurfaceKey.IS_GLOBAL, true);
        }
        options.name().ifPresent(name -> values.put(SurfaceKey.NAME, name));
    }

    /** Asks for the layout of a surface, which is locked, or compressed: then the offsets of its planes mean nothing. */
    static SurfaceLayout read(long surface) {
        int count = (int) IOSurfaceFramework.IOSurfaceGetPlaneCount(surface);
        List<Plane> planes = new ArrayList<>();
        List<List<Component>> components = new ArrayList<>();
        for (int i = 0; i < Math.max(1, count); i++) {
            planes.add(count == 0 ? readOnlyPlane(surface) : readPlane(surface, i));
            components.add(readComponents(surface, i));
        }
        return new SurfaceLayout(
                new PixelFormat(IOSurfaceFramework.IOSurfaceGetPixelFormat(surface)),
                Subsampling.of(IOSurfaceFramework.IOSurfaceGetSubsampling(surface)),
                Math.toIntExact(IOSurfaceFramework.IOSurfaceGetWidth(surface)),
                Math.toIntExact(IOSurfaceFramework.IOSurfaceGetHeight(surface)),
                count > 0,
                planes,
                components,
                IOSurfaceFramework.IOSurfaceGetAllocSize(surface));
    }

    private static Plane readOnlyPlane(long surface) {
        if (IOSurfaceFramework.IOSurfaceGetWidth(surface) == 0) {
            return new Plane(0, 0, 1, 1, 1, 0, 0, IOSurfaceFramework.IOSurfaceGetAllocSize(surface));
        }
        return plane(
                IOSurfaceFramework.IOSurfaceGetWidth(surface),
                IOSurfaceFramework.IOSurfaceGetHeight(surface),
                IOSurfaceFramework.IOSurfaceGetBytesPerElement(surface),
                IOSurfaceFramework.IOSurfaceGetElementWidth(surface),
                IOSurfaceFramework.IOSurfaceGetElementHeight(surface),
                IOSurfaceFramework.IOSurfaceGetBytesPerRow(surface),
                0);
    }

    private static Plane readPlane(long surface, int index) {
        return plane(
                IOSurfaceFramework.IOSurfaceGetWidthOfPlane(surface, index),
                IOSurfaceFramework.IOSurfaceGetHeightOfPlane(surface, index),
                IOSurfaceFramework.IOSurfaceGetBytesPerElementOfPlane(surface, index),
                IOSurfaceFramework.IOSurfaceGetElementWidthOfPlane(surface, index),
                IOSurfaceFramework.IOSurfaceGetElementHeightOfPlane(surface, index),
                IOSurfaceFramework.IOSurfaceGetBytesPerRowOfPlane(surface, index),
                IOSurfaceFramework.IOSurfaceGetBaseAddressOfPlane(surface, index)
                        - IOSurfaceFramework.IOSurfaceGetBaseAddress(surface));
    }

    private static Plane plane(
            long width,
            long height,
            long bytesPerElement,
            long elementWidth,
            long elementHeight,
            long bytesPerRow,
            long offset) {
        long rows = Math.max(1, elementHeight);
        return new Plane(
                Math.toIntExact(width),
                Math.toIntExact(height),
                Math.toIntExact(bytesPerElement),
                Math.toIntExact(elementWidth),
                Math.toIntExact(elementHeight),
                Math.toIntExact(bytesPerRow),
                offset,
                bytesPerRow * ((height + rows - 1) / rows));
    }

    private static List<Component> readComponents(long surface, int plane) {
        List<Component> components = new ArrayList<>();
        long count = IOSurfaceFramework.IOSurfaceGetNumberOfComponentsOfPlane(surface, plane);
        for (int i = 0; i < count; i++) {
            components.add(new Component(
                    ComponentName.of(IOSurfaceFramework.IOSurfaceGetNameOfComponentOfPlane(surface, plane, i)),
                    ComponentType.of(IOSurfaceFramework.IOSurfaceGetTypeOfComponentOfPlane(surface, plane, i)),
                    ComponentRange.of(IOSurfaceFramework.IOSurfaceGetRangeOfComponentOfPlane(surface, plane, i)),
                    (int) IOSurfaceFramework.IOSurfaceGetBitDepthOfComponentOfPlane(surface, plane, i),
                    (int) IOSurfaceFramework.IOSurfaceGetBitOffsetOfComponentOfPlane(surface, plane, i)));
        }
        return List.copyOf(components);
    }
}
