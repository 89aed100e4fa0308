/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.egl.EGL10.*;
import static org.lwjgl.opengl.GL11C.*;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.memory.ExportedMemory;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.lwjgl.egl.EXTImageDMABufImportModifiers;
import org.lwjgl.opengl.GL11C;
import org.lwjgl.system.JNI;
import org.lwjgl.system.MemoryStack;

/**
 * A texture that is the surface's memory, by an image of EGL. Software OpenGL does this with any memory that can be
 * mapped, so with every surface; the driver of a GPU with dma-bufs only, and refuses others.
 */
final class EglBinder implements PlaneBinder {
    private static final int LINUX_DMA_BUF = 0x3270;
    private static final int FOURCC = 0x3271;
    private static final int PLANE0_FD = 0x3272;
    private static final int PLANE0_OFFSET = 0x3273;
    private static final int PLANE0_PITCH = 0x3274;
    private static final int PLANE0_MODIFIER_LOW = 0x3443;
    private static final int PLANE0_MODIFIER_HIGH = 0x3444;

    private final long display;
    private final boolean software;
    private final boolean modifiers;
    private final long bindImage;

    private EglBinder(long display, boolean software, boolean modifiers, long bindImage) {
        this.display = display;
        this.software = software;
        this.modifiers = modifiers;
        this.bindImage = bindImage;
    }

    /** Throws {@link GlException} where it cannot work, before anything is tried. */
    static EglBinder open() throws GlException {
        Egl.load();
        long display = eglGetCurrentDisplay();
        if (display == EGL_NO_DISPLAY) {
            throw new GlException("the context is not one of EGL");
        }
        String extensions = eglQueryString(display, EGL_EXTENSIONS);
        if (!Egl.has(extensions, "EGL_EXT_image_dma_buf_import")) {
            throw new GlException("EGL has no EGL_EXT_image_dma_buf_import");
        }
        boolean software = EglContext.isSoftwareRenderer();
        long device = Egl.device(display);
        if (software && (device == 0 || !Egl.isSoftware(device))) {
            throw new GlException("the processor draws for a device that is not " + Egl.SOFTWARE_DEVICE
                    + ": drawing into imported memory would end the process");
        }
        return new EglBinder(
                display,
                software,
                Egl.has(extensions, "EGL_EXT_image_dma_buf_import_modifiers"),
                Egl.function("glEGLImageTargetTexture2DOES"));
    }

    @Override
    public GlPath path() {
        return GlPath.DMA_BUF;
    }

    @Override
    public int target() {
        return GL_TEXTURE_2D;
    }

    @Override
    public int bind(Surface surface, int index, PlaneTexels plane, boolean toDraw)
            throws GlException, SurfaceException {
        int fourCc = DrmFormat.of(plane.format());
        try (ExportedMemory memory = surface.exportMemory();
                MemoryStack stack = MemoryStack.stackPush()) {
            if (software) {
                SoftwareRules.check(memory, index, plane, toDraw);
            }
            IntBuffer attributes = stack.mallocInt(17);
            attributes.put(EGL_WIDTH).put(plane.width()).put(EGL_HEIGHT).put(plane.height());
            attributes.put(FOURCC).put(fourCc).put(PLANE0_FD).put(memory.descriptor());
            attributes
                    .put(PLANE0_OFFSET)
                    .put(Math.toIntExact(memory.planes().get(index).offset()));
            attributes.put(PLANE0_PITCH).put(plane.bytesPerRow());
            if (modifiers) {
                requireLinear(fourCc, plane, stack);
                attributes
                        .put(PLANE0_MODIFIER_LOW)
                        .put(0)
                        .put(PLANE0_MODIFIER_HIGH)
                        .put(0);
            }
            attributes.put(EGL_NONE).flip();
            long image = Egl.createImage(display, 0, LINUX_DMA_BUF, 0, attributes);
            if (image == 0) {
                throw new GlException("eglCreateImageKHR: " + Egl.error());
            }
            try {
                return texture(image);
            } finally {
                Egl.destroyImage(display, image); // the texture keeps the memory
            }
        }
    }

    /** What is not known to be linear may be anything: drivers of GPUs mostly store tiles. */
    private void requireLinear(int fourCc, PlaneTexels plane, MemoryStack stack) throws GlException {
        IntBuffer count = stack.callocInt(1);
        if (!EXTImageDMABufImportModifiers.eglQueryDmaBufModifiersEXT(display, fourCc, null, null, count)) {
            throw new GlException("EGL imports no " + plane.format() + ": " + Egl.error());
        }
        if (count.get(0) == 0) {
            throw new GlException("EGL imports " + plane.format() + " in no known order of pixels");
        }
        LongBuffer orders = stack.mallocLong(count.get(0));
        IntBuffer external = stack.callocInt(count.get(0)); // Mesa 25 leaves it as it is
        if (!EXTImageDMABufImportModifiers.eglQueryDmaBufModifiersEXT(display, fourCc, orders, external, count)) {
            throw new GlException("eglQueryDmaBufModifiersEXT: " + Egl.error());
        }
        for (int i = 0; i < count.get(0); i++) {
            if (orders.get(i) == ExportedMemory.MODIFIER_LINEAR) {
                if (external.get(i) != 0) {
                    throw new GlException("EGL imports " + plane.format() + " for external textures only");
                }
                return;
            }
        }
        throw new GlException("EGL imports " + plane.format() + " tiled only");
    }

    private int texture(long image) throws GlException {
        Errors.clear();
        int bound = glGetInteger(GL_TEXTURE_BINDING_2D);
        int texture = glGenTextures();
        glBindTexture(GL_TEXTURE_2D, texture);
        JNI.callPV(GL_TEXTURE_2D, image, bindImage);
        int error = GL11C.glGetError();
        Textures.sampleAsPicture(GL_TEXTURE_2D);
        glBindTexture(GL_TEXTURE_2D, bound);
        if (error != GL_NO_ERROR) {
            glDeleteTextures(texture);
            throw new GlException("glEGLImageTargetTexture2DOES: " + Errors.name(error));
        }
        return texture;
    }

    @Override
    public void rebind(int texture, Surface surface, int index, PlaneTexels plane) {
        // It is the same memory.
    }

    @Override
    public void finish(BoundPlanes planes, int[] framebuffers) {
        SharedMemoryDrawing.finish(planes.surface());
    }
}
