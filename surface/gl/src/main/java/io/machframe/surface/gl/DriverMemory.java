/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.egl.EGL10.*;
import static org.lwjgl.egl.EGL14.eglGetCurrentContext;
import static org.lwjgl.opengl.GL42C.*;

import io.machframe.surface.IOSurface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Optional;
import org.lwjgl.egl.EGL;
import org.lwjgl.egl.MESAImageDMABufExport;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.linux.UNISTD;

/** Surfaces in memory that the driver of OpenGL allocates, {@code EGL_MESA_image_dma_buf_export}. */
final class DriverMemory {
    private static final int TEXTURE_2D = 0x30B1;

    private DriverMemory() {}

    /**
     * What the driver says of the memory of a texture.
     *
     * @param fourCc of {@code drm_fourcc.h}
     * @param planes how many, the driver's own included
     * @param modifier how pixels are ordered
     */
    record Export(int fourCc, int planes, long modifier) {
        /** Throws {@link GlException} unless others find the pixels of a format there, row by row. */
        void requireReadable(GlTexture format) throws GlException {
            if (planes != 1) {
                throw new GlException("the driver stores the texture in " + planes + " planes");
            }
            if (modifier != ExportedMemory.MODIFIER_LINEAR) {
                throw new GlException("the driver does not store the texture row by row, but by modifier 0x"
                        + Long.toHexString(modifier));
            }
            if (fourCc != DrmFormat.of(format)) {
                throw new GlException(
                        "the driver stores " + format + " as format 0x" + Integer.toHexString(fourCc) + " of DRM");
            }
        }
    }

    /** Makes a surface. The context is current. */
    static IOSurface create(int width, int height, PixelFormat format) throws GlException, SurfaceException {
        GlTexture texture = format.description()
                .filter(known -> !known.isPlanar())
                .map(FormatDescription::planes)
                .flatMap(planes ->
                        planes.get(0).elementWidth() == 1 ? planes.get(0).texture() : Optional.empty())
                .orElseThrow(() -> new GlException(format + " is not one texture as it is"));
        Egl.load();
        long display = eglGetCurrentDisplay();
        if (display == EGL_NO_DISPLAY
                || !Egl.has(eglQueryString(display, EGL_EXTENSIONS), "EGL_MESA_image_dma_buf_export")
                || EGL.getCapabilities().eglExportDMABUFImageMESA == 0) {
            throw new GlException("EGL has no EGL_MESA_image_dma_buf_export here; Mesa's software OpenGL has it from"
                    + " version 25 on, where there is /dev/udmabuf");
        }
        int name = allocate(width, height, texture);
        try {
            return export(display, name, SurfaceProperties.of(width, height, format), texture);
        } finally {
            glDeleteTextures(name); // the dma-buf keeps the memory
        }
    }

    private static int allocate(int width, int height, GlTexture format) throws GlException {
        Errors.clear();
        int bound = glGetInteger(GL_TEXTURE_BINDING_2D);
        int name = glGenTextures();
        glBindTexture(GL_TEXTURE_2D, name);
        glTexStorage2D(GL_TEXTURE_2D, 1, format.internalFormat(), width, height);
        glBindTexture(GL_TEXTURE_2D, bound);
        int error = glGetError();
        if (error != GL_NO_ERROR) {
            glDeleteTextures(name);
            throw new GlException("glTexStorage2D: " + Errors.name(error));
        }
        return name;
    }

    private static IOSurface export(long display, int name, SurfaceProperties properties, GlTexture format)
            throws GlException, SurfaceException {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            long image = Egl.createImage(display, eglGetCurrentContext(), TEXTURE_2D, name, stack.ints(EGL_NONE));
            if (image == 0) {
                throw new GlException("eglCreateImageKHR of a texture: " + Egl.error());
            }
            try {
                query(display, image, stack).requireReadable(format);
                IntBuffer descriptor = stack.ints(-1);
                IntBuffer stride = stack.callocInt(1);
                IntBuffer offset = stack.callocInt(1);
                if (!MESAImageDMABufExport.eglExportDMABUFImageMESA(display, image, descriptor, stride, offset)) {
                    throw new GlException("eglExportDMABUFImageMESA: " + Egl.error());
                }
                return surface(descriptor.get(0), properties, stride.get(0), offset.get(0));
            } finally {
                Egl.destroyImage(display, image);
            }
        }
    }

    private static Export query(long display, long image, MemoryStack stack) throws GlException {
        IntBuffer fourCc = stack.callocInt(1);
        IntBuffer planes = stack.callocInt(1);
        LongBuffer modifier = stack.callocLong(4);
        if (!MESAImageDMABufExport.eglExportDMABUFImageQueryMESA(display, image, fourCc, planes, modifier)) {
            throw new GlException("eglExportDMABUFImageQueryMESA: the driver exports no such texture, " + Egl.error());
        }
        return new Export(fourCc.get(0), planes.get(0), modifier.get(0));
    }

    private static IOSurface surface(int descriptor, SurfaceProperties properties, int stride, int offset)
            throws SurfaceException {
        try {
            return IOSurface.createInMemory(descriptor, asStored(properties, stride, offset));
        } finally {
            UNISTD.close(null, descriptor);
        }
    }

    /** Returns properties with the rows as the driver has them, whatever the library would choose. */
    static SurfaceProperties asStored(SurfaceProperties properties, int stride, int offset) {
        return properties
                .withLayoutPolicy(LayoutPolicy.TIGHT)
                .withBytesPerRow(stride)
                .withOffset(offset);
    }
}
