/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL30C.*;

import io.machframe.core.lifetime.Hold;
import io.machframe.surface.Surface;

/**
 * A surface to draw into by OpenGL: a framebuffer for each plane, whose colour 0 is the plane.
 *
 * <p>The row that OpenGL calls the lowest, 0, is the surface's first. So a scene drawn as usual lies in the surface upside
 * down: draw it mirrored, or tell who shows it ({@code Orientation.DOWN_MIRRORED} in a stream).
 *
 * <p><b>Ownership.</b> It owns the framebuffers and textures until it is closed, which does not touch the surface. One that
 * is forgotten is deleted by the garbage collector and reported.
 */
public final class GlSurfaceTarget implements AutoCloseable {
    private final GlInterop gl;
    private final BoundPlanes bound;
    private final int[] framebuffers;
    private final Hold hold;

    GlSurfaceTarget(GlInterop gl, BoundPlanes bound) throws GlException {
        this.gl = gl;
        this.bound = bound;
        this.framebuffers = new int[bound.planes().size()];
        int[] made = framebuffers;
        boolean whole = false;
        try {
            for (int i = 0; i < made.length; i++) {
                made[i] = make(i);
            }
            whole = true;
        } finally {
            if (!whole) {
                glDeleteFramebuffers(made);
                bound.delete();
            }
        }
        Deletions deletions = gl.deletions();
        this.hold = Hold.of(
                this,
                "the render target of " + bound.surface(),
                () -> deletions.delete(() -> {
                    glDeleteFramebuffers(made);
                    bound.delete();
                }));
    }

    private int make(int plane) throws GlException {
        int draw = glGetInteger(GL_DRAW_FRAMEBUFFER_BINDING);
        int read = glGetInteger(GL_READ_FRAMEBUFFER_BINDING);
        int framebuffer = glGenFramebuffers();
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
        int texture = bound.texture(plane);
        glFramebufferTexture2D(
                GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, bound.binder().target(), texture, 0);
        int status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
        glBindFramebuffer(GL_DRAW_FRAMEBUFFER, draw);
        glBindFramebuffer(GL_READ_FRAMEBUFFER, read);
        if (status != GL_FRAMEBUFFER_COMPLETE) {
            glDeleteFramebuffers(framebuffer);
            throw new GlException("the driver does not draw into plane " + plane + " of " + bound.surface()
                    + ", framebuffer status 0x" + Integer.toHexString(status));
        }
        return framebuffer;
    }

    /** Returns the surface. */
    public Surface surface() {
        return bound.surface();
    }

    /** Returns how what is drawn gets into the surface. */
    public GlPath path() {
        return bound.binder().path();
    }

    /** Returns why it is none of the better ways, for people; empty if it is the best. */
    public String refusals() {
        return bound.refusals();
    }

    /** Returns the framebuffer of a plane, for {@code glBindFramebuffer}; others may be attached to it, as a depth buffer. */
    public int framebuffer(int plane) {
        hold.requireOpen();
        return framebuffers[plane];
    }

    /** Returns the width of a plane, in texels. */
    public int width(int plane) {
        return bound.planes().get(plane).width();
    }

    /** Returns the rows of a plane. */
    public int height(int plane) {
        return bound.planes().get(plane).height();
    }

    /** Binds the first plane's framebuffer, and sets the viewport to all of it. */
    public void begin() {
        gl.requireCurrent();
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer(0));
        glViewport(0, 0, width(0), height(0));
    }

    /**
     * Makes all that was drawn into the framebuffers be in the surface, for every process that looks after this returns. It
     * waits until the drawing is done.
     */
    public void end() {
        gl.requireCurrent();
        hold.pin();
        try {
            bound.binder().finish(bound, framebuffers);
        } finally {
            hold.unpin();
        }
    }

    /** Deletes the framebuffers and textures, here or, if the context is not current, later. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }
}
