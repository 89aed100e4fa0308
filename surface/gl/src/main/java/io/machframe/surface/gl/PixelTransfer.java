/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL30C.*;

import io.machframe.surface.format.GlTexture;
import java.nio.ByteBuffer;
import org.lwjgl.system.MemoryUtil;

/**
 * Copies pixels between a surface's memory and OpenGL, from and to the surface itself: on software OpenGL a pixel buffer
 * in between costs several times as much. Leaves OpenGL's state as it found it.
 */
final class PixelTransfer {
    private static final int[] UNPACK = {
        GL_UNPACK_SWAP_BYTES, GL_UNPACK_ROW_LENGTH, GL_UNPACK_SKIP_ROWS, GL_UNPACK_SKIP_PIXELS, GL_UNPACK_ALIGNMENT
    };
    private static final int[] PACK = {
        GL_PACK_SWAP_BYTES, GL_PACK_ROW_LENGTH, GL_PACK_SKIP_ROWS, GL_PACK_SKIP_PIXELS, GL_PACK_ALIGNMENT
    };

    private final int[] saved = new int[UNPACK.length];

    /**
     * Makes a texture without contents that {@link #upload} and {@link #read} are fastest with.
     *
     * @return its name
     */
    int create(PlaneTexels plane) {
        int texture = glGenTextures();
        int bound = glGetInteger(GL_TEXTURE_BINDING_2D);
        int buffer = glGetInteger(GL_PIXEL_UNPACK_BUFFER_BINDING);
        glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
        glBindTexture(GL_TEXTURE_2D, texture);
        GlTexture format = plane.format();
        glTexImage2D(
                GL_TEXTURE_2D,
                0,
                internalFormat(format),
                plane.width(),
                plane.height(),
                0,
                format.format(),
                format.type(),
                (ByteBuffer) null);
        Textures.sampleAsPicture(GL_TEXTURE_2D);
        glBindTexture(GL_TEXTURE_2D, bound);
        glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
        return texture;
    }

    /**
     * A sized format would have the driver choose the order of the components, and Mesa chooses another one than that of
     * the surface: the copy would then convert each pixel.
     */
    private static int internalFormat(GlTexture format) {
        return format == GlTexture.BGRA8 ? GL_RGBA : format.internalFormat();
    }

    /** Copies a plane into a texture made by {@link #create}. */
    void upload(int texture, PlaneTexels plane, ByteBuffer bytes) {
        int bound = glGetInteger(GL_TEXTURE_BINDING_2D);
        int buffer = glGetInteger(GL_PIXEL_UNPACK_BUFFER_BINDING);
        save(UNPACK);
        glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
        glBindTexture(GL_TEXTURE_2D, texture);
        long address = MemoryUtil.memAddress(bytes, 0);
        GlTexture format = plane.format();
        boolean whole = prepare(UNPACK, plane);
        int rows = whole ? plane.height() : 1;
        for (int y = 0; y < plane.height(); y += rows) {
            glTexSubImage2D(
                    GL_TEXTURE_2D,
                    0,
                    0,
                    y,
                    plane.width(),
                    rows,
                    format.format(),
                    format.type(),
                    address + (long) y * plane.bytesPerRow());
        }
        restore(UNPACK);
        glBindTexture(GL_TEXTURE_2D, bound);
        glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
    }

    /** Copies the colours of a framebuffer into a plane, once all that was drawn there before is. */
    void read(int framebuffer, PlaneTexels plane, ByteBuffer bytes) {
        int bound = glGetInteger(GL_READ_FRAMEBUFFER_BINDING);
        int buffer = glGetInteger(GL_PIXEL_PACK_BUFFER_BINDING);
        save(PACK);
        glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
        glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
        long address = MemoryUtil.memAddress(bytes, 0);
        GlTexture format = plane.format();
        boolean whole = prepare(PACK, plane);
        int rows = whole ? plane.height() : 1;
        for (int y = 0; y < plane.height(); y += rows) {
            glReadPixels(
                    0,
                    y,
                    plane.width(),
                    rows,
                    format.format(),
                    format.type(),
                    address + (long) y * plane.bytesPerRow());
        }
        restore(PACK);
        glBindFramebuffer(GL_READ_FRAMEBUFFER, bound);
        glBindBuffer(GL_PIXEL_PACK_BUFFER, buffer);
    }

    private void save(int[] names) {
        for (int i = 0; i < names.length; i++) {
            saved[i] = glGetInteger(names[i]);
        }
    }

    private void restore(int[] names) {
        for (int i = 0; i < names.length; i++) {
            glPixelStorei(names[i], saved[i]);
        }
    }

    /** Returns whether all rows can be copied at once: OpenGL counts what is between them in texels. */
    private static boolean prepare(int[] names, PlaneTexels plane) {
        boolean whole = plane.bytesPerRow() % plane.bytesPerTexel() == 0;
        glPixelStorei(names[0], GL_FALSE);
        glPixelStorei(names[1], whole ? plane.bytesPerRow() / plane.bytesPerTexel() : 0);
        glPixelStorei(names[2], 0);
        glPixelStorei(names[3], 0);
        glPixelStorei(names[4], 1);
        return whole;
    }
}
