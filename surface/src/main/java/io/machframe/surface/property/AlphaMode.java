/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Map;

/**
 * What the alpha of a picture means: the fourth byte of BGRA, for example. A pixel format says where alpha is, not what it
 * means. Attached to surfaces with the keys and values that CoreVideo has for
 * {@code kCVImageBufferAlphaChannelIsOpaque} and {@code kCVImageBufferAlphaChannelModeKey}.
 *
 * <p>Where nothing tells it is {@link #NONE}. Most that is drawn, decoded or captured leaves anything in these bytes, and
 * such a picture must not become invisible; one that is premultiplied comes out as if it lay on black.
 */
public enum AlphaMode {
    /** Nothing: every pixel is opaque, whatever its alpha says. */
    NONE(0, "PremultipliedAlpha"),
    /** How much of the pixel covers what is behind; its colour is that of the whole. */
    STRAIGHT(1, "StraightAlpha"),
    /** How much of the pixel covers what is behind; its colour is that much of the whole already. */
    PREMULTIPLIED(2, "PremultipliedAlpha");

    /** The key of a boolean: true if alpha means nothing. */
    public static final String OPAQUE_KEY = "CVImageBufferAlphaChannelIsOpaque";

    /** The key of the mode, which counts unless the surface is opaque. */
    public static final String MODE_KEY = "CVImageBufferAlphaChannelMode";

    private final int code;
    private final String value;

    AlphaMode(int code, String value) {
        this.code = code;
        this.value = value;
    }

    /** Returns what is attached to a surface with these values; {@link #PREMULTIPLIED} if only that it is not opaque. */
    public static AlphaMode of(Map<String, ?> attachments) {
        Object opaque = attachments.get(OPAQUE_KEY);
        Object mode = attachments.get(MODE_KEY);
        if (Boolean.TRUE.equals(opaque)) {
            return NONE;
        }
        if (STRAIGHT.value.equals(mode)) {
            return STRAIGHT;
        }
        return PREMULTIPLIED.value.equals(mode) || Boolean.FALSE.equals(opaque) ? PREMULTIPLIED : NONE;
    }

    /** Returns the number it has in the protocol of streams. */
    public int code() {
        return code;
    }

    /** Returns the values to attach. */
    public Map<String, Object> attachments() {
        return Map.of(OPAQUE_KEY, this == NONE, MODE_KEY, value);
    }
}
