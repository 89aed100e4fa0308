/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.ColorPrimaries;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.property.TransferFunction;
import io.machframe.surface.property.YCbCrMatrix;
import io.machframe.surface.stream.link.FrameRecord;
import io.machframe.surface.stream.link.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a frame is to be shown: what most often is the same for all frames of a stream, so that a publisher gives the same
 * object each time, or sets it {@linkplain FrameServer.Builder#info once}. Immutable.
 *
 * <p>It decides for the frame, whatever is attached to its surface. The server attaches alpha, colours and HDR metadata to
 * the surface as well, whenever they change there, so that a program which knows only the surface sees the same.
 *
 * @param crop the part of the picture that is to be shown; null for all of it
 * @param orientation how to turn it
 * @param alpha what a fourth component means
 * @param color how its numbers stand for colours
 * @param hdr of a picture with a high dynamic range; {@link HdrMetadata#NONE} if there is none, or it is unknown
 * @param keys what the programs agree on: texts by name, {@value #MAX_KEYS_BYTES} bytes in UTF-8, 4 more for each
 */
public record FrameInfo(
        @Nullable FrameArea crop,
        Orientation orientation,
        AlphaMode alpha,
        FrameColor color,
        HdrMetadata hdr,
        Map<String, String> keys) {
    /** The most bytes of all keys and values. */
    public static final int MAX_KEYS_BYTES = FrameRecord.MAX_KEYS_SIZE;

    /** The whole picture, upright and opaque, in the usual colours of its format. */
    public static final FrameInfo DEFAULT =
            new FrameInfo(null, Orientation.UP, AlphaMode.NONE, FrameColor.UNSPECIFIED, HdrMetadata.NONE, Map.of());

    /** What {@link #attachTo} attaches, or removes. */
    private static final Set<String> ATTACHED = Set.of(
            AlphaMode.OPAQUE_KEY,
            AlphaMode.MODE_KEY,
            ColorPrimaries.KEY,
            TransferFunction.KEY,
            YCbCrMatrix.KEY,
            HdrMetadata.DISPLAY_KEY,
            HdrMetadata.LIGHT_KEY,
            HdrMetadata.HEADROOM_KEY);

    private static final int LENGTHS = 4;
    private static final byte[] NO_KEYS = {};

    public FrameInfo {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        int size = size(keys);
        if (size > MAX_KEYS_BYTES) {
            throw new IllegalArgumentException("the keys have " + size + " bytes, at most " + MAX_KEYS_BYTES);
        }
    }

    public FrameInfo withCrop(@Nullable FrameArea area) {
        return new FrameInfo(area, orientation, alpha, color, hdr, keys);
    }

    public FrameInfo withOrientation(Orientation turned) {
        return new FrameInfo(crop, turned, alpha, color, hdr, keys);
    }

    public FrameInfo withAlpha(AlphaMode mode) {
        return new FrameInfo(crop, orientation, mode, color, hdr, keys);
    }

    public FrameInfo withColor(FrameColor colors) {
        return new FrameInfo(crop, orientation, alpha, colors, hdr, keys);
    }

    public FrameInfo withHdr(HdrMetadata metadata) {
        return new FrameInfo(crop, orientation, alpha, color, metadata, keys);
    }

    public FrameInfo withKey(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(keys);
        more.put(name, value);
        return new FrameInfo(crop, orientation, alpha, color, hdr, more);
    }

    /**
     * Returns what is attached to a surface, for a picture that does not come from a stream: alpha, colours, and HDR metadata.
     *
     * @throws SurfaceException if it cannot be read
     */
    public static FrameInfo of(Surface surface) throws SurfaceException {
        Map<String, Object> attached = surface.attachments().all();
        return DEFAULT.withAlpha(AlphaMode.of(attached))
                .withColor(FrameColor.of(attached))
                .withHdr(HdrMetadata.of(attached));
    }

    /**
     * Attaches alpha, colours and HDR metadata to a surface, and removes what is attached of these but not said here. Crop,
     * orientation and keys are of frames only.
     *
     * @throws SurfaceException if nothing can be attached
     */
    public void attachTo(Surface surface) throws SurfaceException {
        Map<String, Object> values = new HashMap<>(alpha.attachments());
        values.putAll(color.attachments());
        values.putAll(hdr.attachments(color.isHdr()));
        surface.attachments().replace(ATTACHED, values);
    }

    /** Returns the part to be shown of a picture of that size: the crop, as far as it lies in it, or all. */
    public FrameArea visible(int width, int height) {
        FrameArea area = crop;
        if (area == null || area.x() >= width || area.y() >= height) {
            return new FrameArea(0, 0, width, height);
        }
        return new FrameArea(
                area.x(),
                area.y(),
                Math.min(area.width(), width - area.x()),
                Math.min(area.height(), height - area.y()));
    }

    /** Returns whether the same is attached to a surface for both. */
    boolean looksLike(FrameInfo other) {
        return alpha == other.alpha && color.equals(other.color) && hdr.equals(other.hdr);
    }

    private static int size(Map<String, String> keys) {
        return keys.entrySet().stream()
                .mapToInt(entry -> LENGTHS + utf8(entry.getKey()).length + utf8(entry.getValue()).length)
                .sum();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void write(FrameRecord to) {
        FrameArea area = crop;
        if (area == null) {
            to.crop(0, 0, 0, 0);
        } else {
            to.crop(area.x(), area.y(), area.width(), area.height());
        }
        to.orientation(orientation.code(), alpha.code());
        to.color(
                color.primaries(),
                color.transfer(),
                color.matrix(),
                color.range().code());
        to.hasHdr(!hdr.equals(HdrMetadata.NONE));
        int[] numbers = numbers(hdr);
        for (int i = 0; i < numbers.length; i++) {
            to.hdr(i, numbers[i]);
        }
        to.keys(encodedKeys());
    }

    private byte[] encodedKeys() {
        if (keys.isEmpty()) {
            return NO_KEYS;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size(keys)).order(ByteOrder.LITTLE_ENDIAN);
        keys.forEach((key, value) -> {
            put(bytes, utf8(key));
            put(bytes, utf8(value));
        });
        return bytes.array();
    }

    private static void put(ByteBuffer bytes, byte[] text) {
        bytes.putShort((short) text.length).put(text);
    }

    /** Reads what a server wrote; what it must not write is read as unspecified. */
    static FrameInfo read(FrameRecord from) {
        return new FrameInfo(
                area(from.crop(0), from.crop(1), from.crop(2), from.crop(3)).orElse(null),
                orDefault(Orientation.values(), from.orientation() - 1),
                orDefault(AlphaMode.values(), from.alpha()),
                color(from),
                from.hasHdr() ? hdr(from) : HdrMetadata.NONE,
                decodedKeys(from.keys()));
    }

    static Optional<FrameArea> area(int x, int y, int width, int height) {
        boolean valid = x >= 0
                && y >= 0
                && width > 0
                && height > 0
                && (long) x + width <= Protocol.MAX_SIDE
                && (long) y + height <= Protocol.MAX_SIDE;
        return valid ? Optional.of(new FrameArea(x, y, width, height)) : Optional.empty();
    }

    private static <T> T orDefault(T[] values, int index) {
        return values[index >= 0 && index < values.length ? index : 0];
    }

    private static FrameColor color(FrameRecord from) {
        try {
            FrameColor.Range range = orDefault(FrameColor.Range.values(), from.color(3));
            return new FrameColor(from.color(0), from.color(1), from.color(2), range);
        } catch (IllegalArgumentException outOfRange) {
            return FrameColor.UNSPECIFIED;
        }
    }

    private static int[] numbers(HdrMetadata of) {
        return new int[] {
            of.redX(),
            of.redY(),
            of.greenX(),
            of.greenY(),
            of.blueX(),
            of.blueY(),
            of.whiteX(),
            of.whiteY(),
            of.maxLuminance(),
            of.minLuminance(),
            of.maxContentLight(),
            of.maxFrameAverageLight()
        };
    }

    private static HdrMetadata hdr(FrameRecord from) {
        int[] n = new int[FrameRecord.HDR_NUMBERS];
        for (int i = 0; i < n.length; i++) {
            n[i] = from.hdr(i);
        }
        return new HdrMetadata(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]);
    }

    private static Map<String, String> decodedKeys(byte[] encoded) {
        Map<String, String> keys = new LinkedHashMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.remaining() >= LENGTHS) {
            String key = text(bytes);
            keys.put(key, text(bytes));
        }
        return size(keys) > MAX_KEYS_BYTES ? Map.of() : keys; // broken UTF-8 grows
    }

    private static String text(ByteBuffer bytes) {
        int length = bytes.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(bytes.getShort());
        byte[] text = new byte[Math.min(length, bytes.remaining())];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
