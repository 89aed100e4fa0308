/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says with frames and surfaces what their colours and alpha are. To attach costs system calls, so a surface that says the
 * same already is left alone.
 */
final class ColorLabels {
    /** A pool of surfaces is smaller; a surface that is forgotten is labelled once more. */
    private static final int MOST = 64;

    private final Map<Integer, Label> attached = new LinkedHashMap<>(MOST, 1, true);
    private @Nullable Label last;
    private @Nullable FrameInfo lastBase;
    private FrameInfo lastInfo = FrameInfo.DEFAULT;

    /** What makes a difference. */
    private record Label(ColorTags tags, HdrMetadata hdr, TargetFormat format, AlphaMode alpha) {
        FrameInfo info(FrameInfo base) throws UnsupportedColorException {
            boolean toneMapped = PictureConverter.toneMaps(tags, format);
            int matrix = format.isRgb()
                    ? FrameColor.SRGB.matrix()
                    : PictureConverter.matrix(tags, format).code();
            FrameColor.Range range = format.fullRange() ? FrameColor.Range.FULL : FrameColor.Range.LIMITED;
            FrameColor color = toneMapped
                    ? new FrameColor(FrameColor.SRGB.primaries(), FrameColor.SRGB.transfer(), matrix, range)
                    : new FrameColor(code(tags.primaries()), code(tags.transfer()), matrix, range);
            return base.withAlpha(alpha).withColor(color).withHdr(toneMapped ? HdrMetadata.NONE : hdr);
        }
    }

    /** FFmpeg has numbers of its own, beyond those of H.273. */
    private static int code(int number) {
        return number >> Byte.SIZE == 0 ? number : FrameColor.UNSPECIFIED_CODE;
    }

    /** Attaches to a surface what is not attached yet. */
    void attach(Picture picture, TargetFormat format, boolean keepsAlpha, Surface surface)
            throws SurfaceException, UnsupportedColorException {
        Label label = label(picture, format, keepsAlpha);
        if (!label.equals(attached.get(surface.id()))) {
            label.info(FrameInfo.DEFAULT).attachTo(surface);
            attached.put(surface.id(), label);
            if (attached.size() > MOST) {
                attached.remove(attached.keySet().iterator().next());
            }
        }
    }

    /** Says with a frame what is not said yet; the same object for each that says the same. */
    @SuppressWarnings("ReferenceEquality") // the same object need not be written again
    void describe(Picture picture, TargetFormat format, boolean keepsAlpha, FrameDraft draft)
            throws UnsupportedColorException {
        Label before = last;
        Label label = label(picture, format, keepsAlpha);
        FrameInfo base = draft.info();
        if (label != before || base != lastBase) {
            lastBase = base;
            lastInfo = label.info(base);
        }
        draft.info(lastInfo);
    }

    private Label label(Picture picture, TargetFormat format, boolean keepsAlpha) {
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
        return label;
    }
}
