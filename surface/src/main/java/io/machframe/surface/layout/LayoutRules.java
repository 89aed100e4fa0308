/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.Component;
import io.machframe.surface.property.SurfaceKey;
import java.util.List;

/**
 * What every layout keeps to, whether it was calculated here or a peer claims it: each number is possible, each plane
 * holds its rows, and all planes lie side by side in the memory. Numbers are checked before they are calculated with.
 */
final class LayoutRules {
    static final int MAX_PLANES = 16;
    static final int MAX_COMPONENTS = 16;

    private final SurfaceLayout layout;

    LayoutRules(SurfaceLayout layout) {
        this.layout = layout;
    }

    /** Throws {@link IllegalArgumentException} with the key and the rule that is broken. */
    void check() {
        List<Plane> planes = layout.planes();
        require(planes.size() <= MAX_PLANES, "", SurfaceKey.PLANE_INFO, "has more than " + MAX_PLANES + " entries");
        require(layout.planar() ? !planes.isEmpty() : planes.size() == 1, "", SurfaceKey.PLANE_INFO, "is missing");
        boolean picture = layout.width() != 0 || layout.height() != 0 || layout.planar();
        if (picture) {
            requirePositive("", SurfaceKey.WIDTH, layout.width());
            requirePositive("", SurfaceKey.HEIGHT, layout.height());
        }
        requirePositive("", SurfaceKey.ALLOC_SIZE, layout.allocSize());
        for (int i = 0; i < planes.size(); i++) {
            checkShape(where(i), planes.get(i), picture);
            checkPlace(i);
            checkComponents(where(i), layout.components().get(i), planes.get(i));
        }
        Plane first = planes.get(0);
        if (!layout.planar() && (first.width() != layout.width() || first.height() != layout.height())) {
            throw refusal("", SurfaceKey.WIDTH, "is not that of the only plane");
        }
    }

    private String where(int plane) {
        return layout.planar() ? SurfaceKey.PLANE_INFO + "[" + plane + "] " : "";
    }

    private static void checkShape(String where, Plane plane, boolean picture) {
        if (picture) {
            requirePositive(where, SurfaceKey.PLANE_WIDTH, plane.width());
            requirePositive(where, SurfaceKey.PLANE_HEIGHT, plane.height());
        } else {
            boolean plain = plane.width() == 0 && plane.height() == 0 && plane.bytesPerRow() == 0;
            require(plain, where, SurfaceKey.PLANE_WIDTH, "means nothing in memory without dimensions");
        }
        requirePositive(where, SurfaceKey.PLANE_BYTES_PER_ELEMENT, plane.bytesPerElement());
        requirePositive(where, SurfaceKey.PLANE_BITS_PER_ELEMENT, plane.bitsPerElement());
        require(
                !plane.hasPartialBytes() || plane.bitsPerElement() <= Integer.MAX_VALUE,
                where,
                SurfaceKey.PLANE_BITS_PER_ELEMENT,
                "is " + plane.bitsPerElement() + ", above " + Integer.MAX_VALUE);
        requirePositive(where, SurfaceKey.PLANE_ELEMENT_WIDTH, plane.elementWidth());
        requirePositive(where, SurfaceKey.PLANE_ELEMENT_HEIGHT, plane.elementHeight());
        require(
                plane.bytesPerRow() >= plane.rowBytes(),
                where,
                SurfaceKey.PLANE_BYTES_PER_ROW,
                "is " + plane.bytesPerRow() + ", a row of pixels needs " + plane.rowBytes());
    }

    private void checkPlace(int index) {
        Plane plane = layout.planes().get(index);
        String where = where(index);
        long most = layout.allocSize();
        boolean possible = plane.offset() >= 0
                && plane.size() >= 0
                && plane.header() >= 0
                && plane.header() <= plane.offset()
                && plane.offset() <= Long.MAX_VALUE - plane.size();
        require(possible, where, SurfaceKey.PLANE_OFFSET, "is " + plane.offset() + ", which is impossible");
        long used = plane.bytesPerRow() * plane.rows();
        require(
                used <= plane.size(),
                where,
                SurfaceKey.PLANE_SIZE,
                "is " + (plane.header() + plane.size()) + ", the rows need " + (plane.header() + used));
        for (Plane other : layout.planes().subList(0, index)) {
            require(
                    plane.start() >= other.end() || other.start() >= plane.end(),
                    where,
                    SurfaceKey.PLANE_OFFSET,
                    "is " + plane.start() + ": the plane would overlap another");
        }
        require(plane.end() <= most, "", SurfaceKey.ALLOC_SIZE, "is " + most + ", the planes need " + plane.end());
    }

    private static void checkComponents(String where, List<Component> components, Plane plane) {
        require(
                components.size() <= MAX_COMPONENTS,
                where,
                SurfaceKey.PLANE_COMPONENT_NAMES,
                "has more than " + MAX_COMPONENTS + " entries");
        for (Component component : components) {
            int depth = component.bitDepth();
            require(
                    depth >= 1 && depth <= Short.MAX_VALUE,
                    where,
                    SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS,
                    "has " + depth + ", must be at least 1");
            require(
                    component.bitOffset() >= 0 && component.bitOffset() + depth <= plane.bitsPerElement(),
                    where,
                    SurfaceKey.PLANE_COMPONENT_BIT_OFFSETS,
                    "has " + component.bitOffset() + ", an element has " + plane.bitsPerElement() + " bits");
        }
    }

    private static void requirePositive(String where, SurfaceKey key, long value) {
        require(value >= 1, where, key, "is " + value + ", must be at least 1");
    }

    private static void require(boolean holds, String where, SurfaceKey key, String rule) {
        if (!holds) {
            throw refusal(where, key, rule);
        }
    }

    /** @param where the plane's entry; empty on a surface that is not planar, whose keys lose their {@code Plane} */
    static IllegalArgumentException refusal(String where, SurfaceKey key, String rule) {
        boolean ofPlane = key.name().startsWith("PLANE_") && key != SurfaceKey.PLANE_INFO;
        boolean ofComponent = key.name().startsWith("PLANE_COMPONENT");
        String name = where.isEmpty() && ofPlane && !ofComponent ? key.symbol().replace("Plane", "") : key.symbol();
        return new IllegalArgumentException(where + name + " " + rule);
    }
}
