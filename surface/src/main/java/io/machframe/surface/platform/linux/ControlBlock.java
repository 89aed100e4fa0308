/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Untrusted;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The first page of a surface's memory: what lets a process that has nothing but the memory know the surface.
 *
 * <pre>
 *     0  left to Mesa, which wants a header of its own here while it imports the memory
 *    64  magic "MACHSURF"
 *    72  version              76  flags: 1 = planar, 2 = no pixel size casting, 4 = global,
 *                              8 = the surface's bytes are in another memory
 *    80  allocSize (8)
 *    88  pixel format         92  number of planes, at least 1
 *    96  width               100  height             104  subsampling
 *   128  seed                160  generation of the attachments      164  purge state
 *   168  1 = a dma-buf was made of this memory
 *          these four are all that ever changes; free up to 191
 *   192  planes, 64 bytes each:
 *          0 width   4 height   8 bytesPerElement   12 elementWidth   16 elementHeight
 *         24 bytesPerRow (8)   32 offset (8)   40 size (8)   48 number of components
 *         52 bits of an element, 0 if bytes say it      56 base (8)
 *  1216  components, room for 16 of each plane, 8 bytes each:
 *          0 name (1)   1 type (1)   2 range (1)   4 bitDepth (2)   6 bitOffset (2)
 *  4096  the surface's bytes, then from the next multiple of 4096 on its {@linkplain AttachmentStore attachments}
 * </pre>
 *
 * <p>Little-endian, fields of 4 bytes where nothing is said. A reader copies the page before it looks at it, because its
 * maker could change it between a check and its use.
 */
final class ControlBlock {
    /** Bytes before the surface's own, on every system, whatever its page size. */
    static final int SIZE = 4096;

    static final int MAX_PLANES = 16;

    /** How many components of a plane there is room for. */
    static final int MAX_COMPONENTS = 16;

    private static final long MAGIC = 0x465255534843414dL; // the bytes "MACHSURF"
    private static final int VERSION = 3;

    private static final int MAGIC_OFFSET = 64;
    private static final int VERSION_OFFSET = 72;
    private static final int FLAGS_OFFSET = 76;
    private static final int ALLOC_SIZE_OFFSET = 80;
    private static final int PIXEL_FORMAT_OFFSET = 88;
    private static final int PLANE_COUNT_OFFSET = 92;
    private static final int WIDTH_OFFSET = 96;
    private static final int HEIGHT_OFFSET = 100;
    private static final int SUBSAMPLING_OFFSET = 104;
    private static final int SEED_OFFSET = 128;
    private static final int ATTACHMENTS_OFFSET = 160;
    private static final int PURGE_STATE_OFFSET = 164;
    private static final int DMA_BUF_OFFSET = 168;
    private static final int PLANES_OFFSET = 192;
    private static final int PLANE_SIZE = 64;
    private static final int COMPONENTS_OFFSET = PLANES_OFFSET + MAX_PLANES * PLANE_SIZE;
    private static final int COMPONENT_SIZE = 8;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private ControlBlock() {}

    /** Describes a new surface in its memory. */
    static void write(ByteBuffer memory, SurfaceDescription description) {
        SurfaceLayout layout = description.layout();
        memory.putInt(VERSION_OFFSET, VERSION);
        memory.putInt(FLAGS_OFFSET, description.flags());
        memory.putLong(ALLOC_SIZE_OFFSET, layout.allocSize());
        memory.putInt(PIXEL_FORMAT_OFFSET, layout.format().code());
        memory.putInt(PLANE_COUNT_OFFSET, layout.planes().size());
        memory.putInt(WIDTH_OFFSET, layout.width());
        memory.putInt(HEIGHT_OFFSET, layout.height());
        memory.putInt(SUBSAMPLING_OFFSET, layout.subsampling().number());
        for (int i = 0; i < layout.planes().size(); i++) {
            List<Component> components = layout.components().get(i);
            write(memory, PLANES_OFFSET + i * PLANE_SIZE, layout.planes().get(i), components.size());
            for (int j = 0; j < components.size(); j++) {
                write(memory, componentAt(i, j), components.get(j));
            }
        }
        memory.putLong(MAGIC_OFFSET, MAGIC);
    }

    private static void write(ByteBuffer memory, int at, Plane plane, int components) {
        memory.putInt(at, plane.width()).putInt(at + 4, plane.height());
        memory.putInt(at + 8, plane.bytesPerElement());
        memory.putInt(at + 12, plane.elementWidth()).putInt(at + 16, plane.elementHeight());
        memory.putLong(at + 24, plane.bytesPerRow());
        memory.putLong(at + 32, plane.start()).putLong(at + 40, plane.header() + plane.size());
        memory.putInt(at + 48, components);
        memory.putInt(at + 52, plane.hasPartialBytes() ? (int) plane.bitsPerElement() : 0);
        memory.putLong(at + 56, plane.offset());
    }

    private static int componentAt(int plane, int component) {
        return COMPONENTS_OFFSET + (plane * MAX_COMPONENTS + component) * COMPONENT_SIZE;
    }

    private static void write(ByteBuffer memory, int at, Component component) {
        memory.put(at, (byte) component.name().number())
                .put(at + 1, (byte) component.type().number());
        memory.put(at + 2, (byte) component.range().number());
        memory.putShort(at + 4, (short) component.bitDepth()).putShort(at + 6, (short) component.bitOffset());
    }

    /**
     * Reads the description that a peer wrote. It is a claim until this has checked it: what is returned fits together, and
     * fits the memory.
     *
     * @param memory at least {@link #SIZE} bytes
     * @param size how many bytes the memory really has
     * @throws SurfaceException with the codes of {@link io.machframe.surface.platform.SurfaceCalls#lookupFromMachPort}
     */
    static SurfaceDescription read(ByteBuffer memory, long size) throws SurfaceException {
        return Untrusted.copyOf(memory, SIZE).open(page -> check(page, size));
    }

    private static SurfaceDescription check(ByteBuffer page, long size) throws SurfaceException {
        if (page.getLong(MAGIC_OFFSET) != MAGIC || page.getInt(VERSION_OFFSET) != VERSION) {
            throw refusal(KernReturn.KERN_INVALID_CAPABILITY, "it stands for memory that is no surface");
        }
        SurfaceDescription claimed;
        try {
            claimed = claim(page).requireValid();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw refusal(KernReturn.KERN_INVALID_VALUE, "the layout it claims makes no sense: " + e.getMessage());
        }
        if (claimed.memorySize() > size) {
            throw refusal(
                    KernReturn.KERN_INVALID_ADDRESS,
                    "its memory has " + size + " bytes, the surface in it claims " + claimed.memorySize());
        }
        return claimed;
    }

    private static SurfaceException refusal(int code, String why) {
        return new SurfaceException("IOSurfaceLookupFromMachPort", code, "the port gives no surface: " + why);
    }

    private static SurfaceDescription claim(ByteBuffer page) {
        int count = page.getInt(PLANE_COUNT_OFFSET);
        if (count < 1 || count > MAX_PLANES) {
            throw new IllegalArgumentException("it has " + count + " planes");
        }
        List<Plane> planes = new ArrayList<>();
        List<List<Component>> components = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            planes.add(readPlane(page, PLANES_OFFSET + i * PLANE_SIZE));
            components.add(readComponents(page, i));
        }
        int flags = page.getInt(FLAGS_OFFSET);
        SurfaceLayout layout = new SurfaceLayout(
                new PixelFormat(page.getInt(PIXEL_FORMAT_OFFSET)),
                Subsampling.of(page.getInt(SUBSAMPLING_OFFSET)),
                page.getInt(WIDTH_OFFSET),
                page.getInt(HEIGHT_OFFSET),
                (flags & SurfaceDescription.PLANAR) != 0,
                planes,
                components,
                page.getLong(ALLOC_SIZE_OFFSET));
        return new SurfaceDescription(layout, flags);
    }

    private static Plane readPlane(ByteBuffer page, int at) {
        int bytesPerElement = page.getInt(at + 8);
        int bits = page.getInt(at + 52);
        long start = page.getLong(at + 32);
        long offset = page.getLong(at + 56);
        long header = Math.subtractExact(offset, start);
        return new Plane(
                page.getInt(at),
                page.getInt(at + 4),
                bytesPerElement,
                page.getInt(at + 12),
                page.getInt(at + 16),
                Math.toIntExact(page.getLong(at + 24)),
                offset,
                Math.subtractExact(page.getLong(at + 40), header),
                header,
                bits == 0 ? bytesPerElement * (long) Byte.SIZE : bits);
    }

    private static List<Component> readComponents(ByteBuffer page, int plane) {
        int count = page.getInt(PLANES_OFFSET + plane * PLANE_SIZE + 48);
        List<Component> components = new ArrayList<>();
        for (int i = 0; i < Math.min(count, MAX_COMPONENTS); i++) {
            int at = componentAt(plane, i);
            components.add(new Component(
                    ComponentName.of(page.get(at)),
                    ComponentType.of(page.get(at + 1)),
                    ComponentRange.of(page.get(at + 2)),
                    page.getShort(at + 4) & 0xffff,
                    page.getShort(at + 6) & 0xffff));
        }
        return components;
    }

    static int seed(ByteBuffer memory) {
        return (int) INT.getAcquire(memory, SEED_OFFSET);
    }

    /** Adds one to the seed, after every write that came before in this thread, and returns the new one. */
    static int raiseSeed(ByteBuffer memory) {
        return (int) INT.getAndAdd(memory, SEED_OFFSET, 1) + 1;
    }

    static int attachments(ByteBuffer memory) {
        return (int) INT.getAcquire(memory, ATTACHMENTS_OFFSET);
    }

    /** Names the valid generation, after every write that came before in this thread. */
    static void setAttachments(ByteBuffer memory, int generation) {
        INT.setRelease(memory, ATTACHMENTS_OFFSET, generation);
    }

    static int purgeState(ByteBuffer memory) {
        return (int) INT.getAcquire(memory, PURGE_STATE_OFFSET);
    }

    static void setPurgeState(ByteBuffer memory, int state) {
        INT.setRelease(memory, PURGE_STATE_OFFSET, state);
    }

    /** Returns whether a dma-buf has the pages of the memory, so that it must keep them. */
    static boolean hasDmaBuf(ByteBuffer memory) {
        return (int) INT.getAcquire(memory, DMA_BUF_OFFSET) != 0;
    }

    static void setHasDmaBuf(ByteBuffer memory) {
        INT.setRelease(memory, DMA_BUF_OFFSET, 1);
    }
}
