/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.IOSurface;
import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Alignment;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lwjgl.opengl.GL;
import org.lwjgl.opengl.GL11C;
import org.lwjgl.opengl.GL45C;
import org.lwjgl.opengl.GLCapabilities;

/**
 * Makes textures and render targets of surfaces in one OpenGL context. Which ways there are to do that is found out once
 * for each driver in a process: each is tried with a small surface and used only if every pixel is right.
 *
 * <p><b>Ownership.</b> What it made is the caller's to close; closing it before the context is destroyed deletes what waits
 * to be deleted. It does not own the context.
 *
 * <p><b>Threads.</b> Its methods, and those of what it makes, are called where the context is current, and throw {@link
 * IllegalStateException} elsewhere; {@code close} can be called anywhere.
 */
public final class GlInterop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GlInterop.class.getName());

    private final GLCapabilities context;
    private final Deletions deletions;
    private final List<PlaneBinder> binders;
    private final Map<GlPath, String> refused;
    private boolean open = true;

    private GlInterop(GLCapabilities context, List<PlaneBinder> binders, Map<GlPath, String> refused) {
        this.context = context;
        this.deletions = new Deletions(context);
        this.binders = binders;
        this.refused = refused;
    }

    /**
     * Looks at what the context that is current on this thread can do: one that LWJGL knows, by {@code
     * GL.createCapabilities} or {@link HeadlessGl}, and of OpenGL 3.3 or later.
     *
     * @throws IllegalStateException if there is none
     * @throws GlException if it is older
     */
    public static GlInterop ofCurrentContext() throws GlException {
        return ofCurrentContext(EnumSet.allOf(GlPath.class));
    }

    /**
     * As {@link #ofCurrentContext()}, leaving out some ways: for comparisons and tests.
     *
     * @param allowed those to be tried; {@link GlPath#COPY} is always there
     */
    public static GlInterop ofCurrentContext(Set<GlPath> allowed) throws GlException {
        GLCapabilities context = GL.getCapabilities();
        if (!context.OpenGL33) {
            throw new GlException("surfaces need OpenGL 3.3, this context has " + GL11C.glGetString(GL11C.GL_VERSION));
        }
        List<PlaneBinder> binders = new ArrayList<>();
        Map<GlPath, String> refused = new EnumMap<>(GlPath.class);
        for (GlPath path : GlPath.values()) {
            if (path == GlPath.COPY) {
                binders.add(new CopyBinder());
            } else if (allowed.contains(path)) {
                try {
                    binders.add(Probe.binder(path));
                } catch (GlException e) {
                    refused.put(path, String.valueOf(e.getMessage()));
                }
            } else {
                refused.put(path, "not allowed");
            }
        }
        GlInterop made = new GlInterop(context, List.copyOf(binders), Collections.unmodifiableMap(refused));
        LOG.log(System.Logger.Level.DEBUG, made::toString);
        return made;
    }

    /**
     * Returns the properties of a surface that can be shared with OpenGL wherever one of that size and format can: software
     * OpenGL draws blocks of four rows, so the memory has room for a multiple of that.
     */
    public static SurfaceProperties properties(int width, int height, PixelFormat format) {
        SurfaceProperties plain = SurfaceProperties.of(width, height, format);
        SurfaceLayout layout = SurfaceLayout.of(
                plain,
                new Alignment(
                        IOSurface.alignment(SurfaceKey.BYTES_PER_ROW), IOSurface.alignment(SurfaceKey.PLANE_OFFSET)));
        long size = layout.allocSize();
        for (Plane plane : layout.planes()) {
            size = Math.max(size, plane.offset() + SoftwareRules.rowsToDraw(plane.rows()) * plane.bytesPerRow());
        }
        return plain.withAllocSize(size);
    }

    /** Returns the best way there is in this context. For one surface another one may be needed, as it says. */
    public GlPath path() {
        return binders.get(0).path();
    }

    /** Returns why the other ways are not there, each with a sentence for people. */
    public Map<GlPath, String> refused() {
        return refused;
    }

    /**
     * Makes a texture of each plane of a surface, to be sampled.
     *
     * @throws GlException if a plane is no texture as it is, as of packed 10-bit formats, or too large for this driver
     * @throws SurfaceException if there is no space for the descriptor or memory that it takes
     */
    public GlSurfaceTexture texture(Surface surface) throws GlException, SurfaceException {
        return new GlSurfaceTexture(this, bind(surface, false));
    }

    /**
     * Makes a render target of a surface: a framebuffer for each plane.
     *
     * @throws GlException as {@link #texture}, and if the driver does not draw into the format
     * @throws SurfaceException as {@link #texture}
     * @throws IllegalArgumentException if this process may only read the surface
     */
    public GlSurfaceTarget target(Surface surface) throws GlException, SurfaceException {
        if (surface.isReadOnly()) {
            throw new IllegalArgumentException(surface + " can only be read");
        }
        return new GlSurfaceTarget(this, bind(surface, true));
    }

    /**
     * Makes a surface in memory that the driver allocates, where it draws fastest, on Linux: a dma-buf. All that a surface can do
     * it can, if the processor may map that memory; what was drawn by {@link #target} is shared without a copy. Not for
     * each frame: use it again.
     *
     * @param format of one plane, in the order of components that the driver has: mostly {@link PixelFormat#RGBA}
     * @return the caller's to close
     * @throws GlException if the driver exports no memory, or not row by row, or the format differs; the message tells
     * @throws SurfaceException as {@link IOSurface#createInMemory}
     */
    public IOSurface createInDriver(int width, int height, PixelFormat format) throws GlException, SurfaceException {
        requireCurrent();
        return DriverMemory.create(width, height, format);
    }

    private BoundPlanes bind(Surface surface, boolean toDraw) throws GlException, SurfaceException {
        requireCurrent();
        List<PlaneTexels> planes = new ArrayList<>();
        for (int i = 0; i < surface.planes().size(); i++) {
            PlaneTexels plane = PlaneTexels.of(surface, i);
            int most = GL11C.glGetInteger(GL11C.GL_MAX_TEXTURE_SIZE);
            if (plane.width() > most || plane.height() > most) {
                throw new GlException(plane.width() + "x" + plane.height() + " is more than " + most
                        + ", the most this driver has in a texture");
            }
            planes.add(plane);
        }
        StringBuilder reasons = new StringBuilder();
        for (PlaneBinder binder : binders) {
            try {
                return BoundPlanes.bind(binder, surface, planes, toDraw, reasons.toString());
            } catch (GlException e) {
                reasons.append(reasons.length() == 0 ? "" : "; ")
                        .append(binder.path())
                        .append(": ")
                        .append(e.getMessage());
            }
        }
        throw new GlException(surface + " cannot be a texture: " + reasons);
    }

    /**
     * Returns whether the driver has lost the context, with all that was in it, as after a reset of the GPU. The context
     * must have been made so that it notices, as {@link HeadlessGl}'s is where the driver can.
     */
    public boolean isContextLost() {
        requireOpen();
        return deletions.isCurrent()
                && (context.OpenGL45 || context.GL_ARB_robustness || context.GL_KHR_robustness)
                && resetStatus() != GL11C.GL_NO_ERROR;
    }

    private int resetStatus() {
        if (context.OpenGL45) {
            return GL45C.glGetGraphicsResetStatus();
        }
        return context.GL_KHR_robustness
                ? org.lwjgl.opengl.KHRRobustness.glGetGraphicsResetStatus()
                : org.lwjgl.opengl.ARBRobustness.glGetGraphicsResetStatusARB();
    }

    /**
     * Says that the context is lost or destroyed. Nothing is deleted any more; objects made by this are closed as usual,
     * which gives frames back and calls no OpenGL. For any thread.
     */
    public void contextGone() {
        deletions.contextGone();
        open = false;
    }

    Deletions deletions() {
        return deletions;
    }

    boolean isOpen() {
        return open;
    }

    /** Throws {@link IllegalStateException} unless OpenGL can be called; else deletes what waits. */
    void requireCurrent() {
        requireOpen();
        if (!deletions.isCurrent()) {
            throw new IllegalStateException("the OpenGL context is not current on this thread");
        }
        deletions.run();
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("it is closed, or its OpenGL context is gone");
        }
    }

    /** Deletes what waits to be deleted, if the context is current; what is closed later is left to the context's end. */
    @Override
    public void close() {
        if (open && deletions.isCurrent()) {
            deletions.run();
        }
    }

    /** Says which way is used and why the better ones are not. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("OpenGL surfaces by " + path());
        refused.forEach((path, why) -> {
            if (path.compareTo(path()) < 0) {
                text.append("; not by ").append(path).append(": ").append(why);
            }
        });
        return text.toString();
    }
}
