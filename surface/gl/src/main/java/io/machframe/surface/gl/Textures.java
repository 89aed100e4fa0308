/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL33C.*;

/** What all textures of surfaces have in common. */
final class Textures {
    private static final String CHANNELS = "rgba";
    private static final int[] SWIZZLES = {
        GL_TEXTURE_SWIZZLE_R, GL_TEXTURE_SWIZZLE_G, GL_TEXTURE_SWIZZLE_B, GL_TEXTURE_SWIZZLE_A
    };

    private Textures() {}

    /** Has the bound texture sampled as a picture is: one level, interpolated, not repeated. */
    static void sampleAsPicture(int target) {
        glTexParameteri(target, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(target, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(target, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(target, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    }

    /**
     * Has the bound texture sampled with other channels.
     *
     * @param order which channel of the memory is red, green, blue and alpha, for example {@code bgra}
     */
    static void swizzle(int target, String order) {
        for (int i = 0; i < SWIZZLES.length; i++) {
            glTexParameteri(target, SWIZZLES[i], GL_RED + CHANNELS.indexOf(order.charAt(i)));
        }
    }
}
