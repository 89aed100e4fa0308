/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The whole shape of a surface, never changed once it is made.
 *
 * @param width pixels, 0 without dimensions
 * @param height pixels, 0 without dimensions
 * @param planar whether it has planes in the sense of C
 * @param planes the planes, at least one: a surface that is not planar has one here, which is all of it
 * @param components of each plane
 * @param allocSize bytes in all
 */
public record SurfaceLayout(
        PixelFormat format,
        Subsampling subsampling,
        int width,
        int height,
        boolean planar,
        List<Plane> planes,
        List<List<Component>> components,
        long allocSize) {
    public SurfaceLayout {
        planes = List.copyOf(planes);
        components = List.copyOf(components);
    }

    /**
     * Lays a surface out: honours what the properties say, and fills in the rest.
     *
     * @param ofSystem what the system's own surfaces must keep to: the rules of {@link LayoutPolicy#IOSURFACE}
     * @throws IllegalArgumentException if the properties contradict each other or a rule
     */
    public static SurfaceLayout of(SurfaceProperties properties, Alignment ofSystem) {
        LayoutPolicy policy = properties.policy();
        Alignment rules = new Alignment(policy.rowAlignment(), policy.planeAlignment());
        return LayoutCalculation.layOut(properties, policy == LayoutPolicy.IOSURFACE ? rules.and(ofSystem) : rules);
    }

    /** Returns the properties of the surface as a whole, as the seam takes them: complete. */
    public Map<SurfaceKey, Object> dictionary() {
        Map<SurfaceKey, Object> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.ALLOC_SIZE, allocSize);
        if (width > 0) {
            values.put(SurfaceKey.WIDTH, (long) width);
            values.put(SurfaceKey.HEIGHT, (long) height);
        }
        if (!format.equals(PixelFormat.NONE)) {
            values.put(SurfaceKey.PIXEL_FORMAT, Integer.toUnsignedLong(format.code()));
        }
        if (subsampling != Subsampling.UNKNOWN) {
            values.put(SurfaceKey.SUBSAMPLING, (long) subsampling.number());
        }
        if (!planar && width > 0) {
            Plane plane = planes.get(0);
            values.put(SurfaceKey.BYTES_PER_ELEMENT, (long) plane.bytesPerElement());
            values.put(SurfaceKey.ELEMENT_WIDTH, (long) plane.elementWidth());
            values.put(SurfaceKey.ELEMENT_HEIGHT, (long) plane.elementHeight());
            values.put(SurfaceKey.BYTES_PER_ROW, (long) plane.bytesPerRow());
            if (plane.offset() != 0) {
                values.put(SurfaceKey.OFFSET, plane.offset());
            }
        }
        if (!planar) {
            putComponents(values, 0);
        }
        return values;
    }

    /** Returns the properties of each plane, as the seam takes them; none for a surface that is not planar. */
    public List<Map<SurfaceKey, Object>> planeDictionaries() {
        List<Map<SurfaceKey, Object>> dictionaries = new ArrayList<>();
        for (int i = 0; planar && i < planes.size(); i++) {
            Map<SurfaceKey, Object> values = dictionary(planes.get(i));
            putComponents(values, i);
            dictionaries.add(values);
        }
        return dictionaries;
    }

    private static Map<SurfaceKey, Object> dictionary(Plane plane) {
        Map<SurfaceKey, Object> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.PLANE_WIDTH, (long) plane.width());
        values.put(SurfaceKey.PLANE_HEIGHT, (long) plane.height());
        values.put(SurfaceKey.PLANE_BYTES_PER_ELEMENT, (long) plane.bytesPerElement());
        values.put(SurfaceKey.PLANE_ELEMENT_WIDTH, (long) plane.elementWidth());
        values.put(SurfaceKey.PLANE_ELEMENT_HEIGHT, (long) plane.elementHeight());
        values.put(SurfaceKey.PLANE_BYTES_PER_ROW, (long) plane.bytesPerRow());
        values.put(SurfaceKey.PLANE_OFFSET, plane.start());
        values.put(SurfaceKey.PLANE_SIZE, plane.end() - plane.start());
        if (plane.header() != 0) {
            values.put(SurfaceKey.PLANE_BASE, plane.offset());
        }
        if (plane.hasPartialBytes()) {
            values.put(SurfaceKey.PLANE_BITS_PER_ELEMENT, plane.bitsPerElement());
        }
        return values;
    }

    private void putComponents(Map<SurfaceKey, Object> values, int plane) {
        List<Component> all = components.get(plane);
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
}
