/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

/** How the pixels of a surface and those of a texture become the same, the best first. */
public enum GlPath {
    /** The texture is the surface, {@code CGLTexImageIOSurface2D}. macOS. */
    IOSURFACE,

    /**
     * The texture is the surface's memory, {@code EGL_EXT_image_dma_buf_import}. Linux with an EGL context; software OpenGL
     * takes any surface, a driver of a GPU those whose memory is a dma-buf.
     */
    DMA_BUF,

    /**
     * The texture is the surface's memory, {@code GL_EXT_memory_object_fd}. Linux with Mesa's software OpenGL, for surfaces
     * that this process may write.
     */
    MEMORY_OBJECT,

    /** The pixels are copied, {@code glTexSubImage2D} and {@code glReadPixels}. Everywhere. */
    COPY;

    /** Returns whether nothing is copied. */
    public boolean isShared() {
        return this != COPY;
    }
}
