/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns properties into a layout that leaves nothing open: honours what they say, fills in what they do not, and refuses
 * with {@link IllegalArgumentException} what breaks a rule.
 */
final class LayoutCalculation {
    /** Keys of a surface that has no width and height. */
    private static final Set<SurfaceKey> OF_MEMORY = EnumSet.of(SurfaceKey.ALLOC_SIZE, SurfaceKey.PIXEL_FORMAT);

    /** Keys of a surface that is not planar, and what they are called where it is. */
    private static final Map<SurfaceKey, SurfaceKey> PLANE_KEYS = Map.of(
            SurfaceKey.WIDTH, SurfaceKey.PLANE_WIDTH,
            SurfaceKey.HEIGHT, SurfaceKey.PLANE_HEIGHT,
            SurfaceKey.BYTES_PER_ELEMENT, SurfaceKey.PLANE_BYTES_PER_ELEMENT,
            SurfaceKey.ELEMENT_WIDTH, SurfaceKey.PLANE_ELEMENT_WIDTH,
            SurfaceKey.ELEMENT_HEIGHT, SurfaceKey.PLANE_ELEMENT_HEIGHT,
            SurfaceKey.BYTES_PER_ROW, SurfaceKey.PLANE_BYTES_PER_ROW,
            SurfaceKey.OFFSET, SurfaceKey.PLANE_OFFSET);

    private final SurfaceProperties properties;
    private final Map<SurfaceKey, Long> values;
    private final Alignment alignment;
    private final PixelFormat format;
    private final @Nullable FormatDescription description;

    private LayoutCalculation(SurfaceProperties properties, Alignment alignment) {
        this.properties = properties;
        this.values = properties.values();
        this.format =
                new PixelFormat(values.getOrDefault(SurfaceKey.PIXEL_FORMAT, 0L).intValue());
        this.description = format.description().orElse(null);
        this.alignment = description == null ? alignment : alignment.and(new Alignment(description.rowAlignment(), 1));
    }

    /** @param alignment what rows and planes must keep to, the policy's own rules included */
    static SurfaceLayout layOut(SurfaceProperties properties, Alignment alignment) {
        try {
            return new LayoutCalculation(properties, alignment).layOut();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the surface is too large: its size in bytes has no place in a long", e);
        }
    }

    private SurfaceLayout layOut() {
        if (isDimensionless()) {
            return dimensionless();
        }
        int width = dimension(SurfaceKey.WIDTH);
        int height = dimension(SurfaceKey.HEIGHT);
        boolean planar = !properties.planes().isEmpty() || (description != null && description.isPlanar());
        List<PlaneRequest> requests = planar ? planeRequests(width, height) : List.of(wholeRequest());
        List<Plane> placed = new ArrayList<>();
        long end = 0;
        for (PlaneRequest request : requests) {
            Plane plane = request.layOut(end, alignment);
            placed.add(plane);
            end = Math.max(end, plane.end());
        }
        long allocSize = values.getOrDefault(SurfaceKey.ALLOC_SIZE, end);
        return new SurfaceLayout(
                        format, subsampling(), width, height, planar, placed, components(placed.size()), allocSize)
                .requireValid();
    }

    private Subsampling subsampling() {
        return properties.subsampling().orElse(description == null ? Subsampling.UNKNOWN : description.subsampling());
    }

    /** Returns what is said of the components of each plane; else what the format has there; else nothing. */
    private List<List<Component>> components(int planes) {
        List<List<Component>> components = new ArrayList<>();
        for (int i = 0; i < planes; i++) {
            List<Component> given =
                    i < properties.planes().size() ? properties.planes().get(i).components() : properties.components();
            components.add(given.isEmpty() ? componentsOfFormat(i, planes) : given);
        }
        return components;
    }

    private List<Component> componentsOfFormat(int plane, int planes) {
        return description != null && description.planes().size() == planes
                ? description.planes().get(plane).components()
                : List.of();
    }

    private boolean isDimensionless() {
        return properties.planes().isEmpty()
                && !values.containsKey(SurfaceKey.WIDTH)
                && !values.containsKey(SurfaceKey.HEIGHT);
    }

    private SurfaceLayout dimensionless() {
        Long size = values.get(SurfaceKey.ALLOC_SIZE);
        if (size == null) {
            throw refusal(SurfaceKey.ALLOC_SIZE, "is required for a surface without width and height");
        }
        for (SurfaceKey key : values.keySet()) {
            if (!OF_MEMORY.contains(key)) {
                throw refusal(key, "means nothing without " + SurfaceKey.WIDTH + " and " + SurfaceKey.HEIGHT);
            }
        }
        Plane all = new Plane(0, 0, 1, 1, 1, 0, 0, size);
        return new SurfaceLayout(format, Subsampling.UNKNOWN, 0, 0, false, List.of(all), List.of(List.of()), size)
                .requireValid();
    }

    private int dimension(SurfaceKey key) {
        Long value = values.get(key);
        if (value == null) {
            throw refusal(key, "is required for a surface that is not just memory");
        }
        if (value < 1) {
            throw refusal(key, "is " + value + ", must be at least 1");
        }
        return value.intValue();
    }

    /** The request of a surface that is not planar: its own keys, completed by the format. */
    private PlaneRequest wholeRequest() {
        Map<SurfaceKey, Long> plane = new EnumMap<>(SurfaceKey.class);
        if (description != null) {
            putShape(plane, description.planes().get(0));
        } else if (!values.containsKey(SurfaceKey.BYTES_PER_ELEMENT)) {
            throw refusal(SurfaceKey.BYTES_PER_ELEMENT, "is required: the library does not know the format " + format);
        }
        PLANE_KEYS.forEach((key, planeKey) -> {
            Long value = values.get(key);
            if (value != null) {
                plane.put(planeKey, value);
            }
        });
        return new PlaneRequest("", plane, properties.layoutPolicy().rowsTogether(1, 1));
    }

    private List<PlaneRequest> planeRequests(int width, int height) {
        for (SurfaceKey key : PLANE_KEYS.keySet()) {
            if (key != SurfaceKey.WIDTH && key != SurfaceKey.HEIGHT && values.containsKey(key)) {
                throw refusal(key, "means nothing on a planar surface, " + PLANE_KEYS.get(key) + " does");
            }
        }
        return properties.planes().isEmpty() ? planesOfFormat(width, height) : planesGiven();
    }

    private List<PlaneRequest> planesGiven() {
        List<PlaneRequest> requests = new ArrayList<>();
        for (PlaneProperties plane : properties.planes()) {
            requests.add(new PlaneRequest(SurfaceKey.PLANE_INFO + "[" + requests.size() + "] ", plane.values(), 1));
        }
        return requests;
    }

    private List<PlaneRequest> planesOfFormat(int width, int height) {
        List<PlaneShape> shapes = description == null ? List.of() : description.planes();
        int tallest = shapes.stream().mapToInt(PlaneShape::heightDivisor).max().orElse(1);
        List<PlaneRequest> requests = new ArrayList<>();
        for (PlaneShape shape : shapes) {
            Map<SurfaceKey, Long> plane = new EnumMap<>(SurfaceKey.class);
            putShape(plane, shape);
            plane.put(SurfaceKey.PLANE_WIDTH, Alignment.ceilDiv(width, shape.widthDivisor()));
            plane.put(SurfaceKey.PLANE_HEIGHT, Alignment.ceilDiv(height, shape.heightDivisor()));
            int block = properties.layoutPolicy().rowsTogether(shape.heightDivisor(), tallest);
            requests.add(new PlaneRequest(SurfaceKey.PLANE_INFO + "[" + requests.size() + "] ", plane, block));
        }
        return requests;
    }

    private static void putShape(Map<SurfaceKey, Long> plane, PlaneShape shape) {
        plane.put(SurfaceKey.PLANE_BYTES_PER_ELEMENT, (long) shape.bytesPerElement());
        plane.put(SurfaceKey.PLANE_ELEMENT_WIDTH, (long) shape.elementWidth());
        plane.put(SurfaceKey.PLANE_ELEMENT_HEIGHT, (long) shape.elementHeight());
    }

    private static IllegalArgumentException refusal(SurfaceKey key, String rule) {
        return LayoutRules.refusal("", key, rule);
    }

    /**
     * What is known of one plane before it has a place.
     *
     * @param where begins messages; empty on a surface that is not planar, whose keys then lose their {@code Plane}
     * @param values {@code PLANE} keys
     * @param block room is made for a multiple of this many rows
     */
    private record PlaneRequest(String where, Map<SurfaceKey, Long> values, int block) {
        Plane layOut(long start, Alignment alignment) {
            int width = required(SurfaceKey.PLANE_WIDTH);
            int height = required(SurfaceKey.PLANE_HEIGHT);
            int elementWidth = positive(SurfaceKey.PLANE_ELEMENT_WIDTH, 1);
            int elementHeight = positive(SurfaceKey.PLANE_ELEMENT_HEIGHT, 1);
            int bytesPerRow = bytesPerRow(rowBytes(Alignment.ceilDiv(width, elementWidth)), alignment.rows());
            long rows = Alignment.ceilDiv(height, elementHeight);
            long offset = offset(start, alignment.planes());
            long base = base(offset, alignment.planes());
            long header = base - offset;
            long reserved = bytesPerRow * Alignment.ceilDiv(rows, block) * block;
            long size = values.getOrDefault(SurfaceKey.PLANE_SIZE, Math.addExact(header, reserved));
            Math.addExact(offset, size);
            return new Plane(
                    width,
                    height,
                    bytesPerElement(),
                    elementWidth,
                    elementHeight,
                    bytesPerRow,
                    base,
                    size - header,
                    header,
                    bitsPerElement());
        }

        private long rowBytes(long elements) {
            return values.containsKey(SurfaceKey.PLANE_BITS_PER_ELEMENT)
                    ? Alignment.ceilDiv(elements * bitsPerElement(), Byte.SIZE)
                    : elements * bytesPerElement();
        }

        private long bitsPerElement() {
            return values.containsKey(SurfaceKey.PLANE_BITS_PER_ELEMENT)
                    ? positive(SurfaceKey.PLANE_BITS_PER_ELEMENT, 0)
                    : bytesPerElement() * (long) Byte.SIZE;
        }

        /** An element of some bits begins in so many bytes at most, if nothing else is said. */
        private int bytesPerElement() {
            long bits = values.getOrDefault(SurfaceKey.PLANE_BITS_PER_ELEMENT, (long) Byte.SIZE);
            return positive(SurfaceKey.PLANE_BYTES_PER_ELEMENT, Math.max(1, Alignment.ceilDiv(bits, Byte.SIZE)));
        }

        private int bytesPerRow(long rowBytes, long alignment) {
            long bytes = values.getOrDefault(SurfaceKey.PLANE_BYTES_PER_ROW, Alignment.up(rowBytes, alignment));
            if (!Alignment.isMultiple(bytes, alignment)) {
                throw refusal(SurfaceKey.PLANE_BYTES_PER_ROW, "is " + bytes + ", must be a multiple of " + alignment);
            }
            if (bytes > Integer.MAX_VALUE) {
                throw refusal(SurfaceKey.PLANE_BYTES_PER_ROW, "would be " + bytes + ", above " + Integer.MAX_VALUE);
            }
            return (int) bytes;
        }

        private long offset(long start, long alignment) {
            long offset = values.getOrDefault(SurfaceKey.PLANE_OFFSET, Alignment.up(start, alignment));
            if (offset < 0 || !Alignment.isMultiple(offset, alignment)) {
                throw refusal(SurfaceKey.PLANE_OFFSET, "is " + offset + ", must be a multiple of " + alignment);
            }
            return offset;
        }

        private long base(long offset, long alignment) {
            long base = values.getOrDefault(SurfaceKey.PLANE_BASE, offset);
            if (base < offset || !Alignment.isMultiple(base, alignment)) {
                throw refusal(
                        SurfaceKey.PLANE_BASE,
                        "is " + base + ", must be a multiple of " + alignment + " from " + offset + " on");
            }
            return base;
        }

        private int required(SurfaceKey key) {
            if (!values.containsKey(key)) {
                throw refusal(key, "is required");
            }
            return positive(key, 0);
        }

        private int positive(SurfaceKey key, long fallback) {
            long value = values.getOrDefault(key, fallback);
            if (value < 1) {
                throw refusal(key, "is " + value + ", must be at least 1");
            }
            return (int) value;
        }

        IllegalArgumentException refusal(SurfaceKey key, String rule) {
            return LayoutRules.refusal(where, key, rule);
        }
    }
}
