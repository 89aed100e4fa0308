/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.Component;
import io.machframe.surface.property.SurfaceKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked of one plane of a new surface: an entry of {@code kIOSurfacePlaneInfo}. Immutable; each method returns a
 * changed copy. What is not said follows from the {@link LayoutPolicy}.
 */
public final class PlaneProperties {
    private final Map<SurfaceKey, Long> values;
    private final List<Component> components;

    private PlaneProperties(Map<SurfaceKey, Long> values, List<Component> components) {
        this.values = values;
        this.components = List.copyOf(components);
    }

    /** Returns a plane of which nothing is said yet; its width and height must be. */
    public static PlaneProperties unspecified() {
        return new PlaneProperties(new EnumMap<>(SurfaceKey.class), List.of());
    }

    /** Returns a plane of so many pixels, each of so many bytes. */
    public static PlaneProperties of(int width, int height, int bytesPerElement) {
        return unspecified().withWidth(width).withHeight(height).withBytesPerElement(bytesPerElement);
    }

    /** {@code kIOSurfacePlaneWidth}: pixels. */
    public PlaneProperties withWidth(int width) {
        return with(SurfaceKey.PLANE_WIDTH, width);
    }

    /** {@code kIOSurfacePlaneHeight}: pixels. */
    public PlaneProperties withHeight(int height) {
        return with(SurfaceKey.PLANE_HEIGHT, height);
    }

    /** {@code kIOSurfacePlaneBytesPerElement}; 1 if not said. */
    public PlaneProperties withBytesPerElement(int bytes) {
        return with(SurfaceKey.PLANE_BYTES_PER_ELEMENT, bytes);
    }

    /**
     * {@code kIOSurfacePlaneBitsPerElement}: for elements that are not whole bytes and follow each other without a gap in
     * a row, which is then as long as its bits need. {@link #withBytesPerElement} is not needed beside it.
     */
    public PlaneProperties withBitsPerElement(int bits) {
        return with(SurfaceKey.PLANE_BITS_PER_ELEMENT, bits);
    }

    /** {@code kIOSurfacePlaneElementWidth} and {@code kIOSurfacePlaneElementHeight}: pixels in an element; 1 each if not said. */
    public PlaneProperties withElement(int width, int height) {
        return with(SurfaceKey.PLANE_ELEMENT_WIDTH, width).with(SurfaceKey.PLANE_ELEMENT_HEIGHT, height);
    }

    /** {@code kIOSurfacePlaneBytesPerRow}. */
    public PlaneProperties withBytesPerRow(int bytes) {
        return with(SurfaceKey.PLANE_BYTES_PER_ROW, bytes);
    }

    /** {@code kIOSurfacePlaneOffset}: bytes from the start of the surface. */
    public PlaneProperties withOffset(long bytes) {
        return with(SurfaceKey.PLANE_OFFSET, bytes);
    }

    /**
     * {@code kIOSurfacePlaneBase}: bytes from the start of the surface to the plane's first pixel, where something else,
     * as a header, comes before it in the plane; the plane's offset if not said.
     */
    public PlaneProperties withBase(long bytes) {
        return with(SurfaceKey.PLANE_BASE, bytes);
    }

    /** {@code kIOSurfacePlaneSize}: bytes kept for the plane. */
    public PlaneProperties withSize(long bytes) {
        return with(SurfaceKey.PLANE_SIZE, bytes);
    }

    /**
     * {@code kIOSurfacePlaneComponentNames}, {@code Types}, {@code Ranges}, {@code BitDepths} and {@code BitOffsets}: what
     * an element consists of; as the format has it if not said.
     */
    public PlaneProperties withComponents(Component... inOrder) {
        return new PlaneProperties(values, List.of(inOrder));
    }

    List<Component> components() {
        return components;
    }

    Map<SurfaceKey, Long> values() {
        return values;
    }

    private PlaneProperties with(SurfaceKey key, long value) {
        Map<SurfaceKey, Long> changed = new EnumMap<>(SurfaceKey.class);
        changed.putAll(values);
        changed.put(key, value);
        return new PlaneProperties(changed, components);
    }
}
