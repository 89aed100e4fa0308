/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

/**
 * A key of the dictionary that describes a surface, or of a value attached to one. {@code IOSurfaceRef.h}. Each is named
 * as the constant in C is.
 */
public enum SurfaceKey {
    ALLOC_SIZE("kIOSurfaceAllocSize"),
    WIDTH("kIOSurfaceWidth"),
    HEIGHT("kIOSurfaceHeight"),
    BYTES_PER_ROW("kIOSurfaceBytesPerRow"),
    BYTES_PER_ELEMENT("kIOSurfaceBytesPerElement"),
    ELEMENT_WIDTH("kIOSurfaceElementWidth"),
    ELEMENT_HEIGHT("kIOSurfaceElementHeight"),
    OFFSET("kIOSurfaceOffset"),
    PIXEL_FORMAT("kIOSurfacePixelFormat"),
    PLANE_INFO("kIOSurfacePlaneInfo"),
    PLANE_WIDTH("kIOSurfacePlaneWidth"),
    PLANE_HEIGHT("kIOSurfacePlaneHeight"),
    PLANE_BYTES_PER_ROW("kIOSurfacePlaneBytesPerRow"),
    PLANE_OFFSET("kIOSurfacePlaneOffset"),
    PLANE_SIZE("kIOSurfacePlaneSize"),
    PLANE_BASE("kIOSurfacePlaneBase"),
    PLANE_BYTES_PER_ELEMENT("kIOSurfacePlaneBytesPerElement"),
    PLANE_BITS_PER_ELEMENT("kIOSurfacePlaneBitsPerElement"),
    PLANE_ELEMENT_WIDTH("kIOSurfacePlaneElementWidth"),
    PLANE_ELEMENT_HEIGHT("kIOSurfacePlaneElementHeight"),
    PLANE_COMPONENT_BIT_DEPTHS("kIOSurfacePlaneComponentBitDepths"),
    PLANE_COMPONENT_BIT_OFFSETS("kIOSurfacePlaneComponentBitOffsets"),
    PLANE_COMPONENT_NAMES("kIOSurfacePlaneComponentNames"),
    PLANE_COMPONENT_TYPES("kIOSurfacePlaneComponentTypes"),
    PLANE_COMPONENT_RANGES("kIOSurfacePlaneComponentRanges"),
    SUBSAMPLING("kIOSurfaceSubsampling"),
    CACHE_MODE("kIOSurfaceCacheMode"),
    /** Deprecated in C, because whoever guesses its id can see such a surface. */
    IS_GLOBAL("kIOSurfaceIsGlobal"),
    PIXEL_SIZE_CASTING_ALLOWED("kIOSurfacePixelSizeCastingAllowed"),
    NAME("kIOSurfaceName"),
    COLOR_SPACE("kIOSurfaceColorSpace"),
    ICC_PROFILE("kIOSurfaceICCProfile"),
    /** Since macOS 15. */
    CONTENT_HEADROOM("kIOSurfaceContentHeadroom");

    private final String symbol;

    SurfaceKey(String symbol) {
        this.symbol = symbol;
    }

    /** Returns the name of the constant in C: a data symbol of IOSurface.framework that holds a {@code CFStringRef}. */
    public String symbol() {
        return symbol;
    }

    @Override
    public String toString() {
        return symbol;
    }
}
