/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.core.lifetime.Hold;
import io.machframe.surface.Surface;

/**
 * A surface as textures, one for each plane, to be sampled. Texture coordinates begin at the surface's first row, which is
 * the top of most pictures. Of a plane whose elements hold two pixels each ({@code 2vuy}) a texel is a pair of bytes.
 *
 * <p>They are linearly interpolated and not repeated; {@link #target} is where they are bound.
 *
 * <p><b>Ownership.</b> It owns the textures until it is closed, which does not touch the surface. Closing the surface leaves
 * the textures and what they show. One that is forgotten is deleted by the garbage collector and reported.
 */
public final class GlSurfaceTexture implements AutoCloseable {
    private final GlInterop gl;
    private final BoundPlanes bound;
    private final Hold hold;

    GlSurfaceTexture(GlInterop gl, BoundPlanes bound) {
        this.gl = gl;
        this.bound = bound;
        Deletions deletions = gl.deletions();
        this.hold = Hold.of(this, "the texture of " + bound.surface(), () -> deletions.delete(bound::delete));
    }

    /** Returns the surface. */
    public Surface surface() {
        return bound.surface();
    }

    /** Returns how the texture gets the surface's pixels. */
    public GlPath path() {
        return bound.binder().path();
    }

    /** Returns why it is none of the better ways, for people; empty if it is the best. */
    public String refusals() {
        return bound.refusals();
    }

    /** Returns the number of planes, and of textures. */
    public int planeCount() {
        return bound.planes().size();
    }

    /** Returns the name of a plane's texture, for {@code glBindTexture}. */
    public int texture(int plane) {
        hold.requireOpen();
        return bound.texture(plane);
    }

    /** Returns {@code GL_TEXTURE_2D}; on macOS {@code GL_TEXTURE_RECTANGLE}, whose coordinates count texels. */
    public int target() {
        return bound.binder().target();
    }

    /** Returns the texels in a row of a plane. */
    public int width(int plane) {
        return bound.planes().get(plane).width();
    }

    /** Returns the rows of a plane. */
    public int height(int plane) {
        return bound.planes().get(plane).height();
    }

    /**
     * Has the textures show what is in the surface now. Call it before the first use, and whenever others have drawn a new
     * picture: it copies if that is the {@link #path}, and else costs nothing or, on macOS, binds again.
     */
    public void update() {
        gl.requireCurrent();
        hold.pin();
        try {
            bound.refresh();
        } finally {
            hold.unpin();
        }
    }

    /** Deletes the textures, here or, if the context is not current, later. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }
}
