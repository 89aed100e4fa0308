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
 * What is asked of a new surface: the dictionary of {@code IOSurfaceCreate}, typed. Immutable.
 *
 * <p>What is not said follows from the pixel format and the {@link LayoutPolicy}. What is said is honoured exactly or
 * refused by {@link io.machframe.surface.IOSurface#create}, with the key and the rule in the message.
 */
public final class SurfaceProperties {
    private final Map<SurfaceKey, Long> values;
    private final List<PlaneProperties> planes;
    private final LayoutPolicy policy;
    private final List<Component> components;
    private final @Nullable Subsampling subsampling;
    private final @Nullable String name;

    private SurfaceProperties(Builder builder) {
        this.values = new EnumMap<>(SurfaceKey.class);
        this.values.putAll(builder.values);
        this.planes = List.copyOf(builder.planes);
        this.policy = builder.policy;
        this.components = builder.components;
        this.subsampling = builder.subsampling;
        this.name = builder.name;
    }

    /** Returns the properties of a picture in a format that the library knows, laid out as IOSurface does. */
    public static SurfaceProperties of(int width, int height, PixelFormat format) {
        return builder().width(width).height(height).pixelFormat(format).build();
    }

    /** Returns the properties of memory without width and height. */
    public static SurfaceProperties ofSize(long bytes) {
        return builder().allocSize(bytes).build();
    }

    /** Returns a builder of which nothing is said yet. */
    public static Builder builder() {
        return new Builder();
    }

    Map<SurfaceKey, Long> values() {
        return values;
    }

    /** Returns what does not concern the layout, as the seam takes it. */
    public Map<SurfaceKey, Object> options() {
        Map<SurfaceKey, Object> options = new EnumMap<>(SurfaceKey.class);
        if (values.containsKey(SurfaceKey.CACHE_MODE)) {
            options.put(SurfaceKey.CACHE_MODE, values.get(SurfaceKey.CACHE_MODE));
        }
        Long casting = values.get(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED);
        if (casting != null) {
            options.put(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED, casting != 0);
        }
        if (values.containsKey(SurfaceKey.IS_GLOBAL)) {
            options.put(SurfaceKey.IS_GLOBAL, true);
        }
        if (name != null) {
            options.put(SurfaceKey.NAME, name);
        }
        return options;
    }

    List<PlaneProperties> planes() {
        return planes;
    }

    LayoutPolicy policy() {
        return policy;
    }

    List<Component> components() {
        return components;
    }

    Optional<Subsampling> subsampling() {
        return Optional.ofNullable(subsampling);
    }

    /** Collects properties. Values are judged when the surface is made, together. */
    public static final class Builder {
        private final Map<SurfaceKey, Long> values = new EnumMap<>(SurfaceKey.class);
        private final List<PlaneProperties> planes = new ArrayList<>();
        private LayoutPolicy policy = LayoutPolicy.IOSURFACE;
        private List<Component> components = List.of();
        private @Nullable Subsampling subsampling;
        private @Nullable String name;

        private Builder() {}

        /** {@code kIOSurfaceWidth}: pixels. */
        public Builder width(int width) {
            return put(SurfaceKey.WIDTH, width);
        }

        /** {@code kIOSurfaceHeight}: pixels. */
        public Builder height(int height) {
            return put(SurfaceKey.HEIGHT, height);
        }

        /** {@code kIOSurfacePixelFormat}. */
        public Builder pixelFormat(PixelFormat format) {
            return put(SurfaceKey.PIXEL_FORMAT, format.code());
        }

        /** {@code kIOSurfaceBytesPerElement}, of a surface that is not planar; by the format if not said. */
        public Builder bytesPerElement(int bytes) {
            return put(SurfaceKey.BYTES_PER_ELEMENT, bytes);
        }

        /** {@code kIOSurfaceElementWidth} and {@code kIOSurfaceElementHeight}: pixels in an element; by the format if not said. */
        public Builder element(int width, int height) {
            return put(SurfaceKey.ELEMENT_WIDTH, width).put(SurfaceKey.ELEMENT_HEIGHT, height);
        }

        /** {@code kIOSurfaceBytesPerRow}, of a surface that is not planar. */
        public Builder bytesPerRow(int bytes) {
            return put(SurfaceKey.BYTES_PER_ROW, bytes);
        }

        /**
         * {@code kIOSurfaceOffset}: bytes before the first pixel, of a surface that is not planar; 0 if not said. Only
         * Linux, where memory of others often begins with something else: what macOS makes of it was not tried.
         */
        public Builder offset(long bytes) {
            return put(SurfaceKey.OFFSET, bytes);
        }

        /** {@code kIOSurfaceAllocSize}: bytes in all, at least what the planes need. */
        public Builder allocSize(long bytes) {
            return put(SurfaceKey.ALLOC_SIZE, bytes);
        }

        /** {@code kIOSurfaceCacheMode}; {@link CacheMode#DEFAULT} if not said. Without effect on Linux. */
        public Builder cacheMode(CacheMode mode) {
            return put(SurfaceKey.CACHE_MODE, mode.mapNumber());
        }

        /**
         * {@code kIOSurfacePixelSizeCastingAllowed}: whether a GPU may take elements for pixels of another size; true if
         * not said.
         */
        public Builder pixelSizeCastingAllowed(boolean allowed) {
            return put(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED, allowed ? 1 : 0);
        }

        /**
         * {@code kIOSurfaceIsGlobal}: lets every process of the user find the surface by {@link io.machframe.surface.IOSurface#lookUp}.
         *
         * @deprecated as in C, because it is not safe: whoever guesses the id sees and changes the surface. Send a
         *     {@linkplain io.machframe.surface.IOSurface#createMachPort port} to whom it is for.
         */
        @Deprecated
        public Builder global() {
            return put(SurfaceKey.IS_GLOBAL, 1);
        }

        /** {@code kIOSurfaceName}: for people who debug, later to be seen and changed as an attachment. */
        public Builder name(String forPeople) {
            this.name = Objects.requireNonNull(forPeople);
            return this;
        }

        /** {@code kIOSurfaceSubsampling}; by the format if not said. */
        public Builder subsampling(Subsampling ofColour) {
            this.subsampling = Objects.requireNonNull(ofColour);
            return this;
        }

        /** As {@link PlaneProperties#withComponents}, of a surface that is not planar. */
        public Builder components(Component... inOrder) {
            this.components = List.of(inOrder);
            return this;
        }

        /** Adds an entry to {@code kIOSurfacePlaneInfo}. Planes given here replace those of the format. */
        public Builder plane(PlaneProperties plane) {
            planes.add(Objects.requireNonNull(plane));
            return this;
        }

        /** Sets the rules for what is not said; {@link LayoutPolicy#IOSURFACE} if never called. */
        public Builder layout(LayoutPolicy rules) {
            this.policy = Objects.requireNonNull(rules);
            return this;
        }

        /** Returns the properties collected so far. */
        public SurfaceProperties build() {
            return new SurfaceProperties(this);
        }

        private Builder put(SurfaceKey key, long value) {
            values.put(key, value);
            return this;
        }
    }
}
