/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL30C.*;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.stream.FrameDraft;

/**
 * The render targets of the frames that one server publishes: one for each surface of its pool, made when it is first drawn
 * into, and one depth buffer for all.
 *
 * <p>On Linux clients get surfaces that the kernel lets nobody else begin to write. A surface that was never drawn into by
 * OpenGL when the first client got it is therefore {@linkplain GlPath#COPY copied} into; draw each frame by this, or have
 * the server let {@linkplain io.machframe.surface.stream.FrameServer.Builder#clientsMayWrite clients write}.
 *
 * <p><b>Threads.</b> As {@link GlInterop}.
 */
public final class GlFrameTargets implements AutoCloseable {
    private final GlInterop gl;
    private final SurfaceCache<GlSurfaceTarget> targets;
    private int depth;
    private int width;
    private int height;

    /** Makes none yet. */
    public GlFrameTargets(GlInterop gl) {
        this.gl = gl;
        this.targets = new SurfaceCache<>(gl::target);
    }

    /**
     * Begins to draw a frame: binds the framebuffer of its first plane, with a depth buffer whose contents are undefined, and
     * sets the viewport to all of it. When all is drawn call {@link GlSurfaceTarget#end}, then publish the draft.
     *
     * @return the target, which this owns
     * @throws GlException as {@link GlInterop#target}
     * @throws SurfaceException as {@link GlInterop#target}
     */
    public GlSurfaceTarget begin(FrameDraft draft) throws GlException, SurfaceException {
        gl.requireCurrent();
        Surface surface = draft.surface();
        GlSurfaceTarget target = targets.get(surface);
        target.begin();
        size(target.width(0), target.height(0));
        glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth);
        return target;
    }

    private void size(int wanted, int wantedHeight) {
        if (depth != 0 && wanted == width && wantedHeight == height) {
            return;
        }
        width = wanted;
        height = wantedHeight;
        int bound = glGetInteger(GL_RENDERBUFFER_BINDING);
        glDeleteRenderbuffers(depth); // 0 is ignored
        depth = glGenRenderbuffers();
        glBindRenderbuffer(GL_RENDERBUFFER, depth);
        glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH_COMPONENT24, width, height);
        glBindRenderbuffer(GL_RENDERBUFFER, bound);
    }

    /** Deletes all targets, here or, if the context is not current, later. Idempotent. */
    @Override
    public void close() {
        targets.close();
        int last = depth;
        depth = 0;
        if (last != 0) {
            gl.deletions().delete(() -> glDeleteRenderbuffers(last));
        }
    }
}
