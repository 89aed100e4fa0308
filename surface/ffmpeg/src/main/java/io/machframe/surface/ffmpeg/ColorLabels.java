/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.core.error.MachException;
import io.machframe.surface.Attachments;
import io.machframe.surface.Surface;
import io.machframe.surface.format.YCbCrMatrix;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.ColorPrimaries;
import io.machframe.surface.property.TransferFunction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attaches to surfaces what their colours are. To attach costs system calls, so a surface that says the same already is
 * left alone.
 */
final class ColorLabels {
    /** A pool of surfaces is smaller; a surface that is forgotten is labelled once more. */
    private static final int MOST = 64;

    /** The contents' headroom, {@code kIOSurfaceContentHeadroom}. */
    private static final String HEADROOM = "IOSurfaceContentHeadroom";

    private static final List<String> KEYS = List.of(
            YCbCrMatrix.KEY,
            TransferFunction.KEY,
            ColorPrimaries.KEY,
            HdrMetadata.DISPLAY_KEY,
            HdrMetadata.LIGHT_KEY,
            HEADROOM);

    private final Map<Integer, Label> attached = new LinkedHashMap<>(MOST, 1, true);
    private @Nullable Label last;

    private record Label(ColorTags tags, HdrMetadata hdr, TargetFormat format, AlphaMode alpha) {}

    /** Attaches what is not attached yet. */
    void attach(Picture picture, TargetFormat format, boolean keepsAlpha, Surface surface)
            throws MachException, UnsupportedColorException {
        AlphaMode alpha = keepsAlpha && format.isRgb() && picture.hasAlpha() ? AlphaMode.PREMULTIPLIED : AlphaMode.NONE;
        Label label = last;
        if (label == null
                || !label.tags.equals(picture.tags())
                || !label.hdr.equals(picture.hdr())
                || label.format != format
                || label.alpha != alpha) {
            label = new Label(picture.tags(), picture.hdr(), format, alpha);
            last = label;
        }
        Label before = attached.get(surface.id());
        if (!label.equals(before)) {
            attach(label, surface.attachments());
            attached.put(surface.id(), label);
            if (attached.size() > MOST) {
                attached.remove(attached.keySet().iterator().next());
            }
        }
    }

    private static void attach(Label label, Attachments to) throws MachException, UnsupportedColorException {
        Map<String, Object> values = values(label);
        Map<String, Object> present = to.all();
        for (String key : KEYS) {
            if (present.containsKey(key) && !values.containsKey(key)) {
                to.remove(key);
            }
        }
        to.setAll(values);
    }

    private static Map<String, Object> values(Label label) throws UnsupportedColorException {
        ColorTags tags = label.tags;
        Map<String, Object> values = new HashMap<>(label.alpha.attachments());
        if (!label.format.isRgb()) {
            values.put(
                    YCbCrMatrix.KEY, PictureConverter.matrix(tags, label.format).attachment());
        }
        if (PictureConverter.toneMaps(tags, label.format)) {
            values.put(TransferFunction.KEY, TransferFunction.SRGB.attachment());
            values.put(ColorPrimaries.KEY, ColorPrimaries.BT709.attachment());
            return values;
        }
        tags.transferFunction().ifPresent(told -> values.put(TransferFunction.KEY, told.attachment()));
        tags.colorPrimaries().ifPresent(told -> values.put(ColorPrimaries.KEY, told.attachment()));
        values.putAll(label.hdr.attachments());
        if (tags.isHdr() && label.hdr.peakNits() > ToneMap.REFERENCE_WHITE) {
            values.put(HEADROOM, label.hdr.peakNits() / ToneMap.REFERENCE_WHITE);
        }
        return values;
    }
}
