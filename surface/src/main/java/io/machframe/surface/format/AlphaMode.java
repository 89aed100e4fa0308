/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the alpha of a picture means. Formats say where alpha is, not what it means, so a surface carries the meaning as an
 * attachment under {@link #KEY}; {@link #PREMULTIPLIED} is assumed where nothing is attached, as CoreAnimation does.
 */
public enum AlphaMode {
    /** Nothing: the bits may hold anything, and every pixel is opaque. */
    NONE,
    /** Coverage, beside colours that do not depend on it. */
    STRAIGHT,
    /** Coverage, by which the colours are multiplied already. */
    PREMULTIPLIED;

    /** The key that the meaning is attached under; this library's own. */
    public static final String KEY = "MachframeAlphaMode";

    /** Returns the mode that an attached value names, or nothing if it names none of these. */
    public static Optional<AlphaMode> ofAttachment(Object value) {
        return Arrays.stream(values())
                .filter(mode -> mode.attachment().equals(value))
                .findFirst();
    }

    /** Returns the value attached to a surface: the name in small letters. */
    public String attachment() {
        return name().toLowerCase(Locale.ROOT);
    }
}
