/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import org.lwjgl.opengl.GL11C;

/** One way to make a texture of a plane. Its context is current in every call. */
interface PlaneBinder {
    GlPath path();

    /** Returns {@code GL_TEXTURE_2D} or {@code GL_TEXTURE_RECTANGLE}. */
    int target();

    /**
     * Makes a texture. Leaves OpenGL's state as it was.
     *
     * @param toDraw whether it will be drawn into, else it is only sampled
     * @return its name
     * @throws GlException if that does not work this way; the message says why
     */
    int bind(Surface surface, int index, PlaneTexels plane, boolean toDraw) throws GlException, SurfaceException;

    /** Deletes textures that {@link #bind} made; 0 is ignored. */
    default void delete(int[] textures) {
        GL11C.glDeleteTextures(textures);
    }

    /** Has the texture show what others have drawn into the surface meanwhile. */
    void rebind(int texture, Surface surface, int index, PlaneTexels plane);

    /** Makes what was drawn into framebuffers of the planes be in the surface. */
    void finish(BoundPlanes planes, int[] framebuffers);
}
