/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.LinuxPlatform;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.ImportedMemory;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.port.SendRight;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.plist.Unreadable;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The IOSurface calls over sealed shared memory. A surface is a memfd: a page with the {@link ControlBlock}, then the
 * planes, then rows that only software GL touches. Its port is a send right to that memory, made of a descriptor that is
 * one use by itself.
 */
public final class LinuxSurfaceCalls implements SurfaceCalls {
    private static final long ROW_ALIGNMENT = 64;
    private static final int NONE = -1;

    private final LinuxPlatform platform;
    private final ReferenceTable references = new ReferenceTable();
    private final Map<FileIdentity, LinuxSurface> surfaces = new HashMap<>();
    private final GlobalSurfaces globals;

    public LinuxSurfaceCalls(LinuxPlatform platform) {
        this.platform = platform;
        this.globals = new GlobalSurfaces(platform, this::createMachPortOfGlobal, this::letGo);
    }

    @Override
    public int create(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface) {
        StoredLayout layout = StoredLayout.of(properties, planes);
        if (!layout.makesSense()) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        return make(null, layout, properties, surface);
    }

    /** Makes a surface and says who it is. Takes over the memory of its bytes, if that is there already. */
    private int make(
            @Nullable ImportedMemory foreign, StoredLayout layout, Map<SurfaceKey, ?> properties, long[] surface) {
        SharedMemory memory;
        try {
            memory = SharedMemory.create("machframe-surface", layout.attachmentsAt(), AttachmentStore.SIZE);
        } catch (MachException e) {
            if (foreign != null) {
                foreign.close();
            }
            return e.reason().code();
        }
        ControlBlock.write(memory.bytes(), layout);
        long made = reference(new LinuxSurface(memory, foreign, layout));
        int code = announce(made);
        if (code == KernReturn.KERN_SUCCESS && properties.get(SurfaceKey.NAME) instanceof String name) {
            code = setValue(made, text(SurfaceKey.NAME), name);
        }
        if (code != KernReturn.KERN_SUCCESS) {
            release(made);
            return code;
        }
        surface[0] = made;
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public int createInMemory(
            int fd, Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface) {
        StoredLayout layout = StoredLayout.of(properties, planes).separate();
        if (!layout.makesSense()) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        ImportedMemory foreign;
        try {
            foreign = ImportedMemory.map(platform.dmaBufs(), fd, layout.allocSize());
        } catch (MachException e) {
            return e.reason().code();
        }
        return make(foreign, layout, properties, surface);
    }

    @Override
    public int createDmaBuf(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface) {
        int[] fd = new int[1];
        int code = platform.dmaBufs().allocate(StoredPlane.wide(properties, SurfaceKey.ALLOC_SIZE, -1), fd);
        if (code != KernReturn.KERN_SUCCESS) {
            return code;
        }
        try {
            return createInMemory(fd[0], properties, planes, surface);
        } finally {
            platform.closeDescriptor(fd[0]);
        }
    }

    @Override
    public int exportMemory(long surface, boolean dmaBuf, int[] fd, long[] start) {
        LinuxSurface found = references.find(surface);
        if (found == null) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        start[0] = found.exportedAt();
        return dmaBuf ? found.exportDmaBuf(platform.dmaBufs(), fd) : found.export(fd);
    }

    @Override
    public void closeMemory(int fd) {
        platform.closeDescriptor(fd);
    }

    @Override
    public int lookupFromMachPort(int port, long[] surface) {
        int[][] fds = new int[1][];
        int code = platform.memoryDescriptors(port, fds);
        if (code != KernReturn.KERN_SUCCESS) {
            return code;
        }
        int second = fds[0].length > 1 ? fds[0][1] : NONE;
        try {
            return lookup(fds[0][0], second, surface);
        } catch (MachException e) {
            return e.reason().code();
        } finally {
            if (second != NONE) {
                platform.closeDescriptor(second);
            }
        }
    }

    /** Takes over the first descriptor only. */
    private int lookup(int control, int bytes, long[] surface) throws MachException {
        SharedMemory memory = SharedMemory.adopt(control, ControlBlock.SIZE);
        try {
            StoredLayout[] layout = new StoredLayout[1];
            int code = ControlBlock.read(memory.bytes(), memory.size(), layout);
            if (code != KernReturn.KERN_SUCCESS) {
                memory.close();
                return code;
            }
            ImportedMemory foreign = layout[0].has(StoredLayout.SEPARATE)
                    ? ImportedMemory.map(platform.dmaBufs(), bytes, layout[0].allocSize())
                    : null;
            surface[0] = reference(new LinuxSurface(memory, foreign, layout[0]));
        } catch (MachException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
        announce(surface[0]); // who cannot has a surface that others must ask somebody else for
        return KernReturn.KERN_SUCCESS;
    }

    /** Lets others look the surface up, if it is for everybody. */
    private int announce(long surface) {
        LinuxSurface found = references.find(surface);
        return found != null && found.layout().has(StoredLayout.GLOBAL) ? globals.add(found) : KernReturn.KERN_SUCCESS;
    }

    @Override
    public int lookup(int id, long[] surface) {
        if (refer(globals.own(id), surface)) {
            return KernReturn.KERN_SUCCESS;
        }
        try (SendRight port = globals.find(id)) {
            if (port == null) {
                return KernReturn.KERN_INVALID_NAME;
            }
            int name = port.pin();
            try {
                return lookupFromMachPort(name, id, surface);
            } finally {
                port.unpin();
            }
        }
    }

    private int lookupFromMachPort(int port, int id, long[] surface) {
        int code = lookupFromMachPort(port, surface);
        if (code == KernReturn.KERN_SUCCESS && id(surface[0]) != id) {
            release(surface[0]); // whoever answered lied
            return KernReturn.KERN_INVALID_NAME;
        }
        return code;
    }

    /** Makes a reference to a surface that may be going. */
    private synchronized boolean refer(@Nullable LinuxSurface known, long[] surface) {
        if (known == null || surfaces.get(known.identity()) != known) {
            return false;
        }
        if (!known.isReferenced() && !known.uses().isInUse()) {
            return false; // it was kept for a port that is gone
        }
        known.retain();
        surface[0] = references.add(known);
        return true;
    }

    /** Makes a reference to a surface; one that this process has already is not kept twice. */
    private synchronized long reference(LinuxSurface arrived) {
        LinuxSurface known = surfaces.putIfAbsent(arrived.identity(), arrived);
        if (known != null) {
            arrived.close();
        }
        LinuxSurface kept = known == null ? arrived : known;
        kept.retain();
        return references.add(kept);
    }

    @Override
    public void release(long surface) {
        LinuxSurface last = removeReference(surface);
        if (last != null && !letGo(last)) {
            globals.keep(last);
        }
    }

    /** Returns the surface if nothing refers to it any more. */
    private synchronized @Nullable LinuxSurface removeReference(long surface) {
        LinuxSurface found = references.remove(surface);
        return found != null && found.release() ? found : null;
    }

    /**
     * Closes a surface unless something refers to it again. Returns false if it stays, to be found by its id, because a
     * port still stands for it.
     */
    private boolean letGo(LinuxSurface unreferenced) {
        synchronized (this) {
            if (unreferenced.isReferenced() || surfaces.get(unreferenced.identity()) != unreferenced) {
                return true;
            }
            unreferenced.uses().giveBack();
            if (globals.own(unreferenced.id()) == unreferenced
                    && unreferenced.uses().isInUse()) {
                return false;
            }
            surfaces.remove(unreferenced.identity());
        }
        globals.remove(unreferenced);
        unreferenced.close(); // takes its time for a large surface, so not while others wait
        return true;
    }

    /** Answers somebody who looks for an id; meanwhile the surface may be about to go. */
    private int createMachPortOfGlobal(LinuxSurface found, int[] port) {
        long[] reference = new long[1];
        if (!refer(found, reference)) {
            return KernReturn.KERN_INVALID_NAME;
        }
        try {
            return createMachPort(found, port);
        } finally {
            release(reference[0]);
        }
    }

    @Override
    public int createMachPort(long surface, int[] port) {
        LinuxSurface found = references.find(surface);
        if (found == null) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        return createMachPort(found, port);
    }

    @Override
    public int createReadOnlyMachPort(long surface, int[] port) {
        LinuxSurface found = references.find(surface);
        if (found == null) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        try {
            found.forbidWriters();
        } catch (MachException e) {
            return e.reason().code();
        }
        return createMachPort(found, port);
    }

    @Override
    public void prefault(long surface) {
        LinuxSurface found = references.find(surface);
        if (found != null) {
            found.prefault();
        }
    }

    @Override
    public boolean isReadOnly(long surface) {
        LinuxSurface found = references.find(surface);
        return found != null && !found.isWritable();
    }

    private int createMachPort(LinuxSurface found, int[] port) {
        ImportedMemory foreign = found.foreign();
        int[] fds = new int[foreign == null ? 1 : 2];
        int code = found.uses().openUse(false, fds);
        if (code != KernReturn.KERN_SUCCESS) {
            return code;
        }
        if (foreign != null) {
            try {
                fds[1] = foreign.duplicate();
            } catch (MachException e) {
                platform.closeDescriptor(fds[0]);
                return e.reason().code();
            }
        }
        return platform.insertMemory(fds, port);
    }

    @Override
    public int id(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.id();
    }

    @Override
    public int lock(long surface, int options, int @Nullable [] seed) {
        LinuxSurface found = references.find(surface);
        if (found == null) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        if ((options & LOCK_READ_ONLY) == 0 && !found.isWritable()) {
            return KernReturn.KERN_NO_ACCESS;
        }
        int code = found.beginAccess((options & LOCK_READ_ONLY) == 0);
        if (code == KernReturn.KERN_SUCCESS && seed != null) {
            seed[0] = found.seed();
        }
        return code;
    }

    @Override
    public int unlock(long surface, int options, int @Nullable [] seed) {
        LinuxSurface found = references.find(surface);
        if (found == null) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        boolean write = (options & LOCK_READ_ONLY) == 0 && found.isWritable();
        int code = found.endAccess(write);
        int now = write ? found.raiseSeed() : found.seed();
        if (seed != null) {
            seed[0] = now;
        }
        return code;
    }

    @Override
    public int seed(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.seed();
    }

    @Override
    public int incrementUseCount(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? KernReturn.KERN_INVALID_ARGUMENT : found.uses().increment();
    }

    @Override
    public int decrementUseCount(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? KernReturn.KERN_INVALID_ARGUMENT : found.uses().decrement();
    }

    @Override
    public int useCount(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.uses().count();
    }

    @Override
    public boolean isInUse(long surface) {
        LinuxSurface found = references.find(surface);
        return found != null && found.uses().isInUse();
    }

    @Override
    public long baseAddress(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.address();
    }

    @Override
    public long baseAddressOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : baseAddress(surface) + found.base();
    }

    @Override
    public ByteBuffer bytes(long surface, long offset, int size) {
        LinuxSurface found = references.find(surface);
        return found == null ? ByteBuffer.allocateDirect(0) : found.bytes(offset, size);
    }

    @Override
    public long allocSize(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.layout().allocSize();
    }

    @Override
    public long width(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.layout().width();
    }

    @Override
    public long height(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.layout().height();
    }

    @Override
    public long bytesPerElement(long surface) {
        return bytesPerElementOfPlane(surface, 0);
    }

    @Override
    public long bytesPerRow(long surface) {
        return bytesPerRowOfPlane(surface, 0);
    }

    @Override
    public long elementWidth(long surface) {
        return elementWidthOfPlane(surface, 0);
    }

    @Override
    public long elementHeight(long surface) {
        return elementHeightOfPlane(surface, 0);
    }

    @Override
    public int pixelFormat(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.layout().pixelFormat();
    }

    @Override
    public int planeCount(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null || !found.layout().planar()
                ? 0
                : found.layout().planes().size();
    }

    @Override
    public long widthOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.width();
    }

    @Override
    public long heightOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.height();
    }

    @Override
    public long bytesPerElementOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.bytesPerElement();
    }

    @Override
    public long bytesPerRowOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.bytesPerRow();
    }

    @Override
    public long elementWidthOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.elementWidth();
    }

    @Override
    public long elementHeightOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.elementHeight();
    }

    @Override
    public int numberOfComponentsOfPlane(long surface, int plane) {
        StoredPlane found = plane(surface, plane);
        return found == null ? 0 : found.components().size();
    }

    @Override
    public int nameOfComponentOfPlane(long surface, int plane, int component) {
        StoredComponent found = component(surface, plane, component);
        return found == null ? 0 : found.name();
    }

    @Override
    public int typeOfComponentOfPlane(long surface, int plane, int component) {
        StoredComponent found = component(surface, plane, component);
        return found == null ? 0 : found.type();
    }

    @Override
    public int rangeOfComponentOfPlane(long surface, int plane, int component) {
        StoredComponent found = component(surface, plane, component);
        return found == null ? 0 : found.range();
    }

    @Override
    public int bitDepthOfComponentOfPlane(long surface, int plane, int component) {
        StoredComponent found = component(surface, plane, component);
        return found == null ? 0 : found.bitDepth();
    }

    @Override
    public int bitOffsetOfComponentOfPlane(long surface, int plane, int component) {
        StoredComponent found = component(surface, plane, component);
        return found == null ? 0 : found.bitOffset();
    }

    @Override
    public int subsampling(long surface) {
        LinuxSurface found = references.find(surface);
        return found == null ? 0 : found.layout().subsampling();
    }

    /** Surfaces here have no limit but memory; what a GPU can take is asked where one is used. */
    @Override
    public long propertyMaximum(SurfaceKey key) {
        return 0;
    }

    @Override
    public long propertyAlignment(SurfaceKey key) {
        return switch (key) {
            case BYTES_PER_ROW, OFFSET, PLANE_BASE, PLANE_OFFSET, PLANE_BYTES_PER_ROW -> ROW_ALIGNMENT;
            default -> 1;
        };
    }

    @Override
    public long alignProperty(SurfaceKey key, long value) {
        long alignment = propertyAlignment(key);
        return (value + alignment - 1) & -alignment;
    }

    @Override
    public boolean allowsPixelSizeCasting(long surface) {
        LinuxSurface found = references.find(surface);
        return found != null && !found.layout().has(StoredLayout.NO_CASTING);
    }

    @Override
    public int setValue(long surface, String key, Object value) {
        return setValues(surface, Map.of(key, value));
    }

    @Override
    public int setValues(long surface, Map<String, Object> values) {
        return changeValues(surface, all -> all.putAll(values));
    }

    @Override
    public int removeValue(long surface, String key) {
        return changeValues(surface, all -> all.remove(key));
    }

    private int changeValues(long surface, Consumer<Map<String, Object>> change) {
        return attachments(
                surface,
                store -> store.change(bytes -> {
                    Map<String, Object> all = values(bytes);
                    change.accept(all);
                    all.values().removeIf(Unreadable.class::isInstance);
                    return PropertyList.encode(all);
                }));
    }

    @Override
    public int copyValue(long surface, String key, @Nullable Object[] value) {
        return attachments(surface, store -> {
            Object found = values(store.read()).get(key);
            if (found instanceof Unreadable unreadable) {
                throw new IllegalArgumentException(unreadable.reason());
            }
            value[0] = found;
        });
    }

    @Override
    public int copyAllValues(long surface, Map<String, Object> values) {
        return attachments(surface, store -> {
            values.putAll(values(store.read()));
            values.values().removeIf(Unreadable.class::isInstance);
        });
    }

    @Override
    public int removeAllValues(long surface) {
        return attachments(surface, store -> store.replace(PropertyList.encode(Map.of())));
    }

    private static Map<String, Object> values(byte[] bytes) {
        return bytes.length == 0 ? new TreeMap<>() : PropertyList.decodeMap(bytes);
    }

    private interface AttachmentStep {
        void run(AttachmentStore store) throws MachException;
    }

    private int attachments(long surface, AttachmentStep step) {
        LinuxSurface found = references.find(surface);
        if (found == null) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        try {
            step.run(found.attachments());
            return KernReturn.KERN_SUCCESS;
        } catch (MachException e) {
            return e.reason().code();
        } catch (IllegalArgumentException e) {
            return KernReturn.KERN_INVALID_VALUE; // what a peer wrote cannot be read
        }
    }

    @Override
    public int setPurgeable(long surface, int newState, int[] oldState) {
        LinuxSurface found = references.find(surface);
        if (found == null || newState < 0 || newState > PurgeState.KEEP_CURRENT.number()) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        boolean ask = newState == PurgeState.KEEP_CURRENT.number();
        try {
            oldState[0] = found.setPurgeable(ask ? PurgeState.KEEP_CURRENT : PurgeState.of(newState))
                    .number();
            return KernReturn.KERN_SUCCESS;
        } catch (MachException e) {
            return e.reason().code();
        }
    }

    /** The text of the constant, which is its name without the letter that all constants begin with. */
    @Override
    public String text(SurfaceKey key) {
        return key.symbol().substring(1);
    }

    private @Nullable StoredPlane plane(long surface, int plane) {
        LinuxSurface found = references.find(surface);
        if (found == null || plane < 0 || plane >= found.layout().planes().size()) {
            return null;
        }
        return found.layout().planes().get(plane);
    }

    private @Nullable StoredComponent component(long surface, int plane, int component) {
        StoredPlane found = plane(surface, plane);
        if (found == null || component < 0 || component >= found.components().size()) {
            return null;
        }
        return found.components().get(component);
    }
}
