/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL32C.*;

import io.machframe.core.error.MachException;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import org.jspecify.annotations.Nullable;

/**
 * The newest frame of a stream as a texture. Each surface of the stream is made a texture once; a frame that comes later in
 * the same surface costs nothing but, where it cannot be shared, the copy.
 *
 * <p>A frame that was sampled is given back when OpenGL has drawn all that samples it, so that its publisher draws over it
 * no sooner. It holds up to two such frames, and the newest: the client must be allowed three ({@link
 * FrameClient.Builder#maxAcquired}, which is the default).
 *
 * <p>When the context is lost, say so by {@link GlInterop#contextGone}, close this, and go on with a new one of the same
 * client: the frames were given back.
 *
 * <p><b>Ownership.</b> It does not own the client. <b>Threads.</b> As {@link GlInterop}.
 */
public final class GlFrameClient implements AutoCloseable {
    private static final int MOST_SAMPLED = 2;
    private static final long FOREVER = -1;

    private final GlInterop gl;
    private final FrameClient client;
    private final SurfaceCache<GlSurfaceTexture> textures;

    /** Frames that OpenGL may still sample, the oldest first, each until a fence is passed. */
    private final @Nullable Frame[] sampled = new Frame[MOST_SAMPLED];

    private final long[] fences = new long[MOST_SAMPLED];
    private int sampledCount;
    private @Nullable Frame frame;
    private @Nullable GlSurfaceTexture texture;

    /** Begins to receive; nobody else must receive by the client. */
    public GlFrameClient(GlInterop gl, FrameClient client) {
        this.gl = gl;
        this.client = client;
        this.textures = new SurfaceCache<>(gl::texture);
    }

    /**
     * Goes on to the newest frame, if there is a newer one. Does not wait for one to be published.
     *
     * @return whether there was
     * @throws GlException if the frame's format is no texture; the frame is given back, the earlier one stays
     * @throws MachException as {@link FrameClient#tryReceive}
     */
    public boolean advance() throws GlException, MachException, InterruptedException {
        gl.requireCurrent();
        giveBack(MOST_SAMPLED - 1);
        Frame next = client.tryReceive();
        if (next == null) {
            return false;
        }
        boolean shown = false;
        try {
            GlSurfaceTexture made = textures.get(next.surface());
            made.update();
            retire();
            frame = next;
            texture = made;
            shown = true;
        } finally {
            if (!shown) {
                next.close();
            }
        }
        return true;
    }

    /** Lets go of the frame that was shown. */
    private void retire() {
        Frame last = frame;
        frame = null;
        if (last == null) {
            return;
        }
        if (texture == null || !texture.path().isShared()) {
            last.close(); // it was copied
            return;
        }
        sampled[sampledCount] = last;
        fences[sampledCount] = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
        sampledCount++;
        glFlush(); // else the fence might never be passed
    }

    /** Gives back the frames whose fences are passed, and waits until no more than some others are left. */
    private void giveBack(int most) {
        while (sampledCount > 0) {
            int state = glClientWaitSync(fences[0], 0, sampledCount > most ? FOREVER : 0);
            if (state == GL_TIMEOUT_EXPIRED) {
                return;
            }
            glDeleteSync(fences[0]);
            giveBackOldest();
        }
    }

    private void giveBackOldest() {
        Frame oldest = sampled[0];
        sampledCount--;
        for (int i = 0; i < sampledCount; i++) {
            sampled[i] = sampled[i + 1];
            fences[i] = fences[i + 1];
        }
        sampled[sampledCount] = null;
        if (oldest != null) {
            oldest.close();
        }
    }

    /** Returns the frame that is shown, for what it says of itself; null before the first. It is this object's to close. */
    public @Nullable Frame frame() {
        return frame;
    }

    /** Returns the texture of the frame that is shown, to be drawn before the next {@link #advance}; null before the first. */
    public @Nullable GlSurfaceTexture texture() {
        return frame == null ? null : texture;
    }

    /**
     * Gives all frames back and deletes the textures. Where the context is current it waits until OpenGL has drawn what
     * samples them. Idempotent.
     */
    @Override
    public void close() {
        if (gl.isOpen() && gl.deletions().isCurrent()) {
            glFinish();
        }
        Frame last = frame;
        frame = null;
        if (last != null) {
            last.close();
        }
        while (sampledCount > 0) {
            long fence = fences[0];
            gl.deletions().delete(() -> glDeleteSync(fence));
            giveBackOldest();
        }
        textures.close();
    }
}
