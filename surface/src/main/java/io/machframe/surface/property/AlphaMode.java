/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Map;

/**
 * What the alpha of a surface's pixels means: the fourth byte of BGRA, for example. Attached with the keys and values that
 * CoreVideo has for {@code kCVImageBufferAlphaChannelIsOpaque} and {@code kCVImageBufferAlphaChannelModeKey}.
 */
public enum AlphaMode {
    /** Nothing: every pixel is opaque, whatever its alpha says. So are surfaces that nothing is attached to. */
    NONE("PremultipliedAlpha"),
    /** How much of the pixel covers what is behind; its colour is that of the whole. */
    STRAIGHT("StraightAlpha"),
    /** How much of the pixel covers what is behind; its colour is that much of the whole already. */
    PREMULTIPLIED("PremultipliedAlpha");

    /** The key of a boolean: true if alpha means nothing. */
    public static final String OPAQUE_KEY = "CVImageBufferAlphaChannelIsOpaque";

    /** The key of the mode, which counts unless the surface is opaque. */
    public static final String MODE_KEY = "CVImageBufferAlphaChannelMode";

    private final String value;

    AlphaMode(String value) {
        this.value = value;
    }

    /** Returns what is attached to a surface with these values. */
    public static AlphaMode of(Map<String, ?> attachments) {
        if (Boolean.TRUE.equals(attachments.get(OPAQUE_KEY))) {
            return NONE;
        }
        Object mode = attachments.get(MODE_KEY);
        return STRAIGHT.value.equals(mode) ? STRAIGHT : PREMULTIPLIED.value.equals(mode) ? PREMULTIPLIED : NONE;
    }

    /** Returns the values to attach. */
    public Map<String, Object> attachments() {
        return Map.of(OPAQUE_KEY, this == NONE, MODE_KEY, value);
    }
}
