/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The display that a picture was mastered on and how bright its content gets: SMPTE ST 2086 and CTA-861.3, in the units
 * of the video standards, so that nothing is lost on the way. A number that is not told is 0.
 *
 * <p>Attached to surfaces as CoreVideo has it: the bytes of the SEI messages of H.265.
 *
 * @param redX chromaticities in units of 1/50000, as the seven that follow
 * @param maxLuminance in units of 1/10000 cd/m², as the one that follows
 * @param maxContentLight MaxCLL in cd/m²
 * @param maxFrameAverageLight MaxFALL in cd/m²
 */
public record HdrMetadata(
        int redX,
        int redY,
        int greenX,
        int greenY,
        int blueX,
        int blueY,
        int whiteX,
        int whiteY,
        int maxLuminance,
        int minLuminance,
        int maxContentLight,
        int maxFrameAverageLight) {
    /** Nothing is told. */
    public static final HdrMetadata NONE = new HdrMetadata(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The key of the mastering display, {@code kCVImageBufferMasteringDisplayColorVolumeKey}. */
    public static final String DISPLAY_KEY = "MasteringDisplayColorVolume";

    /** The key of the light levels, {@code kCVImageBufferContentLightLevelInfoKey}. */
    public static final String LIGHT_KEY = "ContentLightLevelInfo";

    /** The key of the headroom, {@code kIOSurfaceContentHeadroom}: peak over reference white. */
    public static final String HEADROOM_KEY = "IOSurfaceContentHeadroom";

    /** The light of white paper in a picture of high dynamic range, cd/m²: ITU-R BT.2408. */
    public static final double REFERENCE_WHITE = 203;

    private static final int DISPLAY_BYTES = 24;
    private static final int LIGHT_BYTES = 4;
    private static final double UNITS_PER_NIT = 10_000;

    /** Returns what is attached to a surface with these values; nothing of what is not the bytes it should be. */
    public static HdrMetadata of(Map<String, ?> attachments) {
        ByteBuffer d = bytes(attachments.get(DISPLAY_KEY), DISPLAY_BYTES); // green, blue, red, white
        ByteBuffer l = bytes(attachments.get(LIGHT_KEY), LIGHT_BYTES);
        return new HdrMetadata(
                at(d, 8),
                at(d, 10),
                at(d, 0),
                at(d, 2),
                at(d, 4),
                at(d, 6),
                at(d, 12),
                at(d, 14),
                d.getInt(16),
                d.getInt(20),
                at(l, 0),
                at(l, 2));
    }

    private static ByteBuffer bytes(@Nullable Object value, int size) {
        ByteBuffer bytes = value instanceof byte[] array
                ? ByteBuffer.wrap(array)
                : value instanceof ByteBuffer buffer ? buffer.duplicate().clear() : ByteBuffer.allocate(size);
        return (bytes.capacity() >= size ? bytes : ByteBuffer.allocate(size)).order(ByteOrder.BIG_ENDIAN);
    }

    private static int at(ByteBuffer bytes, int index) {
        return Short.toUnsignedInt(bytes.getShort(index));
    }

    /**
     * Returns the values to attach: none of a display whose colours or brightest light are not told, or of no light.
     *
     * @param hdr whether the transfer function is one of high dynamic range, so that there may be headroom
     */
    public Map<String, Object> attachments(boolean hdr) {
        Map<String, Object> values = new HashMap<>();
        if (whiteX > 0 && maxLuminance > 0) {
            ByteBuffer bytes = ByteBuffer.allocate(DISPLAY_BYTES);
            for (int number : new int[] {greenX, greenY, blueX, blueY, redX, redY, whiteX, whiteY}) {
                bytes.putShort((short) number);
            }
            values.put(
                    DISPLAY_KEY, bytes.putInt(maxLuminance).putInt(minLuminance).array());
        }
        if (maxContentLight > 0 || maxFrameAverageLight > 0) {
            values.put(
                    LIGHT_KEY,
                    ByteBuffer.allocate(LIGHT_BYTES)
                            .putShort((short) maxContentLight)
                            .putShort((short) maxFrameAverageLight)
                            .array());
        }
        if (hdr && peakNits() > REFERENCE_WHITE) {
            values.put(HEADROOM_KEY, peakNits() / REFERENCE_WHITE);
        }
        return values;
    }

    /** Returns the brightest light to reckon with in cd/m²: of the content, else of the display; 0 if neither is told. */
    public double peakNits() {
        return maxContentLight > 0 ? maxContentLight : Integer.toUnsignedLong(maxLuminance) / UNITS_PER_NIT;
    }
}
