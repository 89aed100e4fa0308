/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVContentLightMetadata;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVMasteringDisplayMetadata;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * What a film of high dynamic range tells of the display that it was made on, SMPTE ST 2086, and of its brightest light,
 * CTA-861.3.
 *
 * @param primaries x and y of red, green, blue, and of white: eight numbers, or none
 * @param minNits the display's darkest light in cd/m², 0 if not told
 * @param maxNits its brightest light, 0 if not told
 * @param maxContentNits the brightest pixel of the film, 0 if not told
 * @param maxAverageNits the brightest mean of a picture, 0 if not told
 */
public record HdrMetadata(
        List<Double> primaries, double minNits, double maxNits, int maxContentNits, int maxAverageNits) {
    /** What CoreVideo calls the mastering display, {@code kCVImageBufferMasteringDisplayColorVolumeKey}. */
    static final String DISPLAY_KEY = "MasteringDisplayColorVolume";

    /** What CoreVideo calls the light level, {@code kCVImageBufferContentLightLevelInfoKey}. */
    static final String LIGHT_KEY = "ContentLightLevelInfo";

    static final HdrMetadata NONE = new HdrMetadata(List.of(), 0, 0, 0, 0);

    private static final int DISPLAY_BYTES = 24;
    private static final int DISPLAY_MAX = 16;
    private static final double CHROMATICITY_UNIT = 0.00002;
    private static final double NIT_UNIT = 0.0001;

    public HdrMetadata {
        primaries = List.copyOf(primaries);
    }

    /** Reads the side data of a frame. */
    static HdrMetadata of(AVFrame frame) {
        AVFrameSideData display = avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
        AVFrameSideData light = avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
        if (isMissing(display) && isMissing(light)) {
            return NONE;
        }
        AVMasteringDisplayMetadata mastering =
                isMissing(display) ? null : new AVMasteringDisplayMetadata(display.data());
        AVContentLightMetadata level = isMissing(light) ? null : new AVContentLightMetadata(light.data());
        return new HdrMetadata(
                mastering != null && mastering.has_primaries() != 0 ? primaries(mastering) : List.of(),
                mastering != null && mastering.has_luminance() != 0 ? value(mastering.min_luminance()) : 0,
                mastering != null && mastering.has_luminance() != 0 ? value(mastering.max_luminance()) : 0,
                level == null ? 0 : level.MaxCLL(),
                level == null ? 0 : level.MaxFALL());
    }

    private static boolean isMissing(AVFrameSideData data) {
        return data == null || data.isNull();
    }

    private static List<Double> primaries(AVMasteringDisplayMetadata of) {
        return List.of(
                value(of.display_primaries(0, 0)),
                value(of.display_primaries(0, 1)),
                value(of.display_primaries(1, 0)),
                value(of.display_primaries(1, 1)),
                value(of.display_primaries(2, 0)),
                value(of.display_primaries(2, 1)),
                value(of.white_point(0)),
                value(of.white_point(1)));
    }

    private static double value(AVRational number) {
        return number.den() == 0 ? 0 : (double) number.num() / number.den();
    }

    /** Returns the brightest light to reckon with in cd/m², 0 if nothing is told. */
    public double peakNits() {
        return maxContentNits > 0 ? maxContentNits : maxNits;
    }

    /** Returns the brightest light that is attached to a surface, 0 if nothing is. */
    static double peakNits(Map<String, Object> attached) {
        if (attached.get(LIGHT_KEY) instanceof ByteBuffer light && light.capacity() >= Short.BYTES) {
            int most = Short.toUnsignedInt(
                    light.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(0));
            if (most > 0) {
                return most;
            }
        }
        if (attached.get(DISPLAY_KEY) instanceof ByteBuffer display && display.capacity() >= DISPLAY_BYTES) {
            int units = display.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(DISPLAY_MAX);
            return Integer.toUnsignedLong(units) * NIT_UNIT;
        }
        return 0;
    }

    /** Returns what is attached to surfaces: the bytes of the messages in H.265 that tell it, as CoreVideo has them. */
    Map<String, Object> attachments() {
        Map<String, Object> values = new HashMap<>();
        if (!primaries.isEmpty() && maxNits > 0) {
            ByteBuffer bytes = ByteBuffer.allocate(DISPLAY_BYTES);
            for (int i : new int[] {2, 3, 4, 5, 0, 1, 6, 7}) { // green, blue, red, white
                bytes.putShort((short) Math.round(primaries.get(i) / CHROMATICITY_UNIT));
            }
            bytes.putInt((int) Math.round(maxNits / NIT_UNIT)).putInt((int) Math.round(minNits / NIT_UNIT));
            values.put(DISPLAY_KEY, bytes.array());
        }
        if (maxContentNits > 0 || maxAverageNits > 0) {
            values.put(
                    LIGHT_KEY,
                    ByteBuffer.allocate(4)
                            .putShort((short) maxContentNits)
                            .putShort((short) maxAverageNits)
                            .array());
        }
        return values;
    }
}
