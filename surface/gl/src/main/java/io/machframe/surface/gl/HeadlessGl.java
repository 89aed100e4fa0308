/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import org.jspecify.annotations.Nullable;
import org.lwjgl.opengl.GL;
import org.lwjgl.opengl.GL11C;
import org.lwjgl.opengl.GLCapabilities;

/**
 * An OpenGL context without a window or a screen, for programs that only draw into surfaces. Core profile; 3.3 at least,
 * the newest that the driver has.
 *
 * <p>On Linux it is made by EGL for a GPU, or where there is none for Mesa's software OpenGL, without an X server or a
 * device file. On macOS it is made by CGL.
 *
 * <p><b>Threads.</b> {@link #open} makes the context current on the calling thread. It can be current on one thread at a
 * time: {@link #release} it there before another {@linkplain #makeCurrent takes} it, and close it where it is current, or
 * nowhere.
 */
public final class HeadlessGl implements AutoCloseable {
    /** What differs between systems. */
    abstract static class Context {
        private @Nullable GLCapabilities capabilities;

        /** Binds it to this thread, and OpenGL's functions to it. */
        final void makeCurrent() throws GlException {
            bind();
            if (capabilities == null) {
                capabilities = GL.createCapabilities();
            } else {
                GL.setCapabilities(capabilities);
            }
        }

        /** Makes this thread have no context. */
        final void release() {
            unbind();
            GL.setCapabilities(null);
        }

        abstract void bind() throws GlException;

        /** Does nothing if it is not bound to this thread. */
        abstract void unbind();

        /** Called when it is bound to no thread. */
        abstract void destroy();
    }

    private final Context context;
    private final String renderer;
    private final String version;
    private boolean open = true;

    private HeadlessGl(Context context) {
        this.context = context;
        this.renderer = String.valueOf(GL11C.glGetString(GL11C.GL_RENDERER));
        this.version = String.valueOf(GL11C.glGetString(GL11C.GL_VERSION));
    }

    /**
     * Makes a context with the best driver there is, and makes it current on this thread.
     *
     * @throws GlException if there is no driver; the message tells what each one said
     */
    public static HeadlessGl open() throws GlException {
        return new HeadlessGl(isMac() ? CglContext.open() : EglContext.open(false));
    }

    /**
     * As {@link #open}, but has the processor draw even where there is a GPU.
     *
     * @throws GlException if there is no software OpenGL
     */
    public static HeadlessGl openSoftware() throws GlException {
        if (isMac()) {
            throw new GlException("software OpenGL can be asked for on Linux only");
        }
        return new HeadlessGl(EglContext.open(true));
    }

    private static boolean isMac() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    /** Returns what draws, {@code GL_RENDERER}. */
    public String renderer() {
        return renderer;
    }

    /** Returns the version, {@code GL_VERSION}. */
    public String version() {
        return version;
    }

    /**
     * Makes the context current on this thread.
     *
     * @throws GlException if it is current on another one
     * @throws IllegalStateException if it is closed
     */
    public void makeCurrent() throws GlException {
        if (!open) {
            throw new IllegalStateException("the context is closed");
        }
        context.makeCurrent();
    }

    /** Makes this thread have no context. */
    public void release() {
        context.release();
    }

    /** Destroys the context and all that is in it. Idempotent. */
    @Override
    public void close() {
        if (open) {
            open = false;
            release();
            context.destroy();
        }
    }
}
