/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a new surface: the dictionary of {@code IOSurfaceCreate}, typed. Immutable; each {@code with} method
 * returns a changed copy.
 *
 * <p>What is not said follows from the pixel format and the {@link LayoutPolicy}. What is said is honoured exactly or
 * refused when the surface is made, all of it together, with the key and the rule in the message.
 */
public final class SurfaceProperties {
    private static final SurfaceProperties UNSPECIFIED = new SurfaceProperties();

    private final Map<SurfaceKey, Long> values;
    private List<PlaneProperties> planes = List.of();
    private LayoutPolicy layoutPolicy = LayoutPolicy.IOSURFACE;
    private CacheMode cacheMode = CacheMode.DEFAULT;
    private boolean pixelSizeCastingAllowed = true;
    private boolean global;
    private List<Component> components = List.of();
    private @Nullable Subsampling subsampling;
    private @Nullable String name;

    private SurfaceProperties() {
        values = new EnumMap<>(SurfaceKey.class);
    }

    /** A copy, for a {@code with} method to change before it is seen by anything else. */
    private SurfaceProperties(SurfaceProperties other) {
        values = new EnumMap<>(other.values);
        planes = other.planes;
        layoutPolicy = other.layoutPolicy;
        cacheMode = other.cacheMode;
        pixelSizeCastingAllowed = other.pixelSizeCastingAllowed;
        global = other.global;
        components = other.components;
        subsampling = other.subsampling;
        name = other.name;
    }

    /** Returns the properties of a picture in a format that the library knows, laid out as IOSurface does. */
    public static SurfaceProperties of(int width, int height, PixelFormat format) {
        return UNSPECIFIED.withWidth(width).withHeight(height).withPixelFormat(format);
    }

    /** Returns the properties of memory without width and height. */
    public static SurfaceProperties ofSize(long bytes) {
        return UNSPECIFIED.withAllocSize(bytes);
    }

    /** Returns properties of which nothing is said yet. */
    public static SurfaceProperties unspecified() {
        return UNSPECIFIED;
    }

    /** {@code kIOSurfaceWidth}: pixels. */
    public SurfaceProperties withWidth(int width) {
        return with(SurfaceKey.WIDTH, width);
    }

    /** {@code kIOSurfaceHeight}: pixels. */
    public SurfaceProperties withHeight(int height) {
        return with(SurfaceKey.HEIGHT, height);
    }

    /** {@code kIOSurfacePixelFormat}. */
    public SurfaceProperties withPixelFormat(PixelFormat format) {
        return with(SurfaceKey.PIXEL_FORMAT, format.code());
    }

    /** {@code kIOSurfaceBytesPerElement}, of a surface that is not planar; by the format if not said. */
    public SurfaceProperties withBytesPerElement(int bytes) {
        return with(SurfaceKey.BYTES_PER_ELEMENT, bytes);
    }

    /** {@code kIOSurfaceElementWidth} and {@code kIOSurfaceElementHeight}: pixels in an element; by the format if not said. */
    public SurfaceProperties withElement(int width, int height) {
        return with(SurfaceKey.ELEMENT_WIDTH, width).with(SurfaceKey.ELEMENT_HEIGHT, height);
    }

    /** {@code kIOSurfaceBytesPerRow}, of a surface that is not planar. */
    public SurfaceProperties withBytesPerRow(int bytes) {
        return with(SurfaceKey.BYTES_PER_ROW, bytes);
    }

    /**
     * {@code kIOSurfaceOffset}: bytes before the first pixel, of a surface that is not planar; 0 if not said. Only
     * Linux, where imported memory often begins with something else: what macOS makes of it was not tried.
     */
    public SurfaceProperties withOffset(long bytes) {
        return with(SurfaceKey.OFFSET, bytes);
    }

    /** {@code kIOSurfaceAllocSize}: bytes in all, at least what the planes need. */
    public SurfaceProperties withAllocSize(long bytes) {
        return with(SurfaceKey.ALLOC_SIZE, bytes);
    }

    /** {@code kIOSurfaceCacheMode}; {@link CacheMode#DEFAULT} if not said. Without effect on Linux. */
    public SurfaceProperties withCacheMode(CacheMode mode) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.cacheMode = Objects.requireNonNull(mode);
        return changed;
    }

    /**
     * {@code kIOSurfacePixelSizeCastingAllowed}: whether a GPU may take elements for pixels of another size; true if
     * not said.
     */
    public SurfaceProperties withPixelSizeCastingAllowed(boolean allowed) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.pixelSizeCastingAllowed = allowed;
        return changed;
    }

    /**
     * {@code kIOSurfaceIsGlobal}: lets every process of the user find the surface by {@link
     * io.machframe.surface.IOSurface#lookUp}.
     *
     * @deprecated as in C, because it is not safe: every process that guesses the id sees and changes the surface. Send a
     *     {@linkplain io.machframe.surface.IOSurface#createMachPort port} to the one it is for.
     */
    @Deprecated
    public SurfaceProperties withGlobal() {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.global = true;
        return changed;
    }

    /** {@code kIOSurfaceName}: for people who debug, later to be seen and changed as an attachment. */
    public SurfaceProperties withName(String forPeople) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.name = Objects.requireNonNull(forPeople);
        return changed;
    }

    /** {@code kIOSurfaceSubsampling}; by the format if not said. */
    public SurfaceProperties withSubsampling(Subsampling ofColour) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.subsampling = Objects.requireNonNull(ofColour);
        return changed;
    }

    /** As {@link PlaneProperties#withComponents}, of a surface that is not planar. */
    public SurfaceProperties withComponents(Component... inOrder) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.components = List.of(inOrder);
        return changed;
    }

    /** Adds an entry to {@code kIOSurfacePlaneInfo}. Planes given here replace those of the format. */
    public SurfaceProperties withPlane(PlaneProperties plane) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.planes = new ArrayList<>(planes);
        changed.planes.add(Objects.requireNonNull(plane));
        return changed;
    }

    /** Sets the rules for what is not said; {@link LayoutPolicy#IOSURFACE} if never called. */
    public SurfaceProperties withLayoutPolicy(LayoutPolicy rules) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.layoutPolicy = Objects.requireNonNull(rules);
        return changed;
    }

    private SurfaceProperties with(SurfaceKey key, long value) {
        SurfaceProperties changed = new SurfaceProperties(this);
        changed.values.put(key, value);
        return changed;
    }

    /** Returns the rules for what is not said. */
    public LayoutPolicy layoutPolicy() {
        return layoutPolicy;
    }

    /** Returns how a CPU is to cache the memory. */
    public CacheMode cacheMode() {
        return cacheMode;
    }

    /** Returns whether a GPU may take elements for pixels of another size. */
    public boolean isPixelSizeCastingAllowed() {
        return pixelSizeCastingAllowed;
    }

    /** Returns whether every process of the user may find the surface. */
    public boolean isGlobal() {
        return global;
    }

    /** Returns the name for people who debug. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** Returns the numbers that were said, of those that make the layout. */
    Map<SurfaceKey, Long> values() {
        return values;
    }

    List<PlaneProperties> planes() {
        return planes;
    }

    List<Component> components() {
        return components;
    }

    Optional<Subsampling> subsampling() {
        return Optional.ofNullable(subsampling);
    }
}
