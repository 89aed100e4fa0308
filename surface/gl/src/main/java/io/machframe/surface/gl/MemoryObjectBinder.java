/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.EXTMemoryObject.*;
import static org.lwjgl.opengl.EXTMemoryObjectFD.*;
import static org.lwjgl.opengl.GL11C.*;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.Alignment;
import io.machframe.surface.memory.ExportedMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lwjgl.opengl.GL;
import org.lwjgl.opengl.GLCapabilities;

/**
 * A texture that is the surface's memory, by a memory object of Mesa's software OpenGL. It takes a memory file that
 * begins as those do that its Vulkan driver exports; the first 64 bytes of a surface's memory are left free for that.
 *
 * <p>What it does not check would end the process, so all is checked here: the version of Mesa, since a newer one has
 * another mark in the header; that the file can be written, since it is mapped so; that the rows lie where they must, since
 * they cannot be said; and that it is the first plane, since an offset is ignored.
 */
final class MemoryObjectBinder implements PlaneBinder {
    private static final Pattern MESA = Pattern.compile("Mesa (\\d+)\\.(\\d+)\\.(\\d+)\\S*");
    private static final int FIRST = 22_03;
    private static final int LAST = 25_00;
    private static final int HUNDRED = 100;

    /** The bytes of a row are a multiple of this. */
    private static final int ROW = 64;

    /** Where a surface's bytes begin whose memory is its own. */
    private static final int START = 4096;

    /** The first 16 bytes of the SHA-1 of the driver's name, "llvmpipe". */
    private static final long DRIVER_LOW = 0x7bad0b4a_07eeb96cL;

    private static final long DRIVER_HIGH = 0x0f537e69_e91b2e01L;

    /** By texture. Mesa 22 gives the memory back with the object, whatever textures are left. */
    private final Map<Integer, Integer> objects = new HashMap<>();

    @Override
    public GlPath path() {
        return GlPath.MEMORY_OBJECT;
    }

    @Override
    public int target() {
        return GL_TEXTURE_2D;
    }

    /** Throws {@link GlException} where it cannot work, before anything is tried. */
    static MemoryObjectBinder open() throws GlException {
        GLCapabilities capabilities = GL.getCapabilities();
        if (!capabilities.GL_EXT_memory_object_fd) {
            throw new GlException("OpenGL has no GL_EXT_memory_object_fd");
        }
        String renderer = String.valueOf(glGetString(GL_RENDERER));
        if (!renderer.contains("llvmpipe")) {
            throw new GlException("surfaces can be memory objects of Mesa's llvmpipe only, not of " + renderer);
        }
        requireKnown(String.valueOf(glGetString(GL_VERSION)));
        return new MemoryObjectBinder();
    }

    /** The mark is the same in the first and last of these versions; builds between releases have others. */
    static void requireKnown(String version) throws GlException {
        Matcher mesa = MESA.matcher(version);
        boolean known = false;
        if (mesa.find()) {
            int number = Integer.parseInt(mesa.group(1)) * HUNDRED + Integer.parseInt(mesa.group(2));
            known = number >= FIRST && number <= LAST && !version.contains("git") && !version.contains("devel");
        }
        if (!known) {
            throw new GlException("what this Mesa wants of a memory object is not known: " + version);
        }
    }

    @Override
    public int bind(Surface surface, int index, PlaneTexels plane, boolean toDraw)
            throws GlException, SurfaceException {
        String order = order(plane, toDraw);
        if (index != 0) {
            throw new GlException("only the first plane can be a memory object");
        }
        if (surface.isReadOnly()) {
            throw new GlException("this process may only read the surface");
        }
        try (ExportedMemory memory = surface.exportMemory()) {
            long offset = memory.planes().get(0).offset();
            if (offset != START || plane.offset() != 0) {
                throw new GlException("the surface is in memory of another program, or does not begin with its plane");
            }
            if (plane.bytesPerRow() != Alignment.up(plane.rowBytes(), ROW)) {
                throw new GlException(
                        "its rows have " + plane.bytesPerRow() + " bytes, not " + Alignment.up(plane.rowBytes(), ROW));
            }
            // Sampled or drawn into, it is checked against the file as if drawn into.
            SoftwareRules.check(memory, index, plane, true);
            long size = SoftwareRules.fileSize(memory.descriptor());
            writeHeader(memory.descriptor(), size);
            return texture(memory, size, plane, order);
        }
    }

    /** Returns how the components lie in memory; only those that are as OpenGL says can be drawn into. */
    private static String order(PlaneTexels plane, boolean toDraw) throws GlException {
        String order =
                switch (plane.format()) {
                    case R8, RG8, R16, RG16, R16F, RG16F, R32F, RG32F, RGBA8, RGBA16, RGBA16F, RGBA32F, UYVY, YUYV ->
                        "rgba";
                    case BGRA8 -> "bgra";
                    case ARGB8 -> "gbar";
                    case ABGR8 -> "abgr";
                    default -> "";
                };
        if (order.isEmpty()) {
            throw new GlException("a memory object cannot be " + plane.format());
        }
        if (toDraw && !order.equals("rgba")) {
            throw new GlException("drawn into as a memory object, " + plane.format() + " would get other colours");
        }
        return order;
    }

    private static void writeHeader(int descriptor, long size) throws GlException {
        ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(size)
                .putLong(START)
                .putLong(DRIVER_LOW)
                .putLong(DRIVER_HIGH)
                .flip();
        ByteBuffer back = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        back.putLong(START).flip();
        try (RandomAccessFile file = new RandomAccessFile("/proc/self/fd/" + descriptor, "rw");
                FileChannel channel = file.getChannel()) {
            if (channel.write(header, 0) != 32 || channel.write(back, START - Long.BYTES) != Long.BYTES) {
                throw new GlException("the header of a memory object was not written whole");
            }
        } catch (IOException e) {
            throw new GlException("the header of a memory object cannot be written: " + e.getMessage(), e);
        }
    }

    private int texture(ExportedMemory memory, long size, PlaneTexels plane, String order) throws GlException {
        Errors.clear();
        int object = glCreateMemoryObjectsEXT();
        int bound = glGetInteger(GL_TEXTURE_BINDING_2D);
        int texture = 0;
        try {
            glImportMemoryFdEXT(object, size, GL_HANDLE_TYPE_OPAQUE_FD_EXT, memory.take());
            Errors.check("glImportMemoryFdEXT");
            texture = glGenTextures();
            glBindTexture(GL_TEXTURE_2D, texture);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_TILING_EXT, GL_LINEAR_TILING_EXT);
            glTexStorageMem2DEXT(
                    GL_TEXTURE_2D, 1, plane.format().internalFormat(), plane.width(), plane.height(), object, 0);
            Errors.check("glTexStorageMem2DEXT");
            Textures.sampleAsPicture(GL_TEXTURE_2D);
            Textures.swizzle(GL_TEXTURE_2D, order);
            objects.put(texture, object);
            return texture;
        } catch (GlException e) {
            glDeleteTextures(texture);
            glDeleteMemoryObjectsEXT(object);
            throw e;
        } finally {
            glBindTexture(GL_TEXTURE_2D, bound);
        }
    }

    @Override
    public void delete(int[] textures) {
        glDeleteTextures(textures);
        for (int texture : textures) {
            Integer object = objects.remove(texture);
            if (object != null) {
                glDeleteMemoryObjectsEXT(object);
            }
        }
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
