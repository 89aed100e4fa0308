/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/** What the fourth component of a pixel means. */
public enum AlphaMode {
    /** Nothing: every pixel is opaque. */
    NONE(0),
    /** How opaque the pixel is; its colours are stored as they are. */
    STRAIGHT(1),
    /** How opaque the pixel is; its colours were multiplied by it. */
    PREMULTIPLIED(2);

    private final int code;

    AlphaMode(int code) {
        this.code = code;
    }

    /** Returns the number it has in the protocol. */
    public int code() {
        return code;
    }
}
