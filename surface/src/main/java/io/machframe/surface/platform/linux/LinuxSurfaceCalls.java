/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MemoryPorts;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.linux.memory.ImportedMemory;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.port.SendRight;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.platform.MemorySharing;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The IOSurface calls over sealed shared memory. A surface is a memfd: a page with the {@link ControlBlock}, then the
 * planes, then rows that only software GL touches. Its port is a send right to that memory, made of a descriptor that is
 * one use by itself.
 */
public final class LinuxSurfaceCalls implements SurfaceCalls {
    private static final PortAccess ACCESS = PortAccess.get();
    private static final String LOOK_UP = "IOSurfaceLookupFromMachPort";
    private static final long ROW_ALIGNMENT = 64;
    private static final int NONE = -1;

    private final MemoryPorts ports;
    private final HeldSurfaces surfaces = new HeldSurfaces();
    private final GlobalSurfaces globals;
    private final LinuxMemorySharing memorySharing;

    public LinuxSurfaceCalls(Platform platform) {
        this.ports = platform.memoryPorts();
        this.globals = new GlobalSurfaces(platform, this::createMachPortOfGlobal, this::letGo);
        this.memorySharing = new LinuxMemorySharing(this, ports);
    }

    @Override
    public MemorySharing memorySharing() {
        return memorySharing;
    }

    /** Returns the surface of a reference. Throws {@link IllegalArgumentException} if there is none. */
    LinuxSurface get(long reference) {
        return surfaces.get(reference);
    }

    @Override
    public long create(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException {
        return make(null, SurfaceDescription.of(layout, options, false), options);
    }

    /** Makes a surface and lets it be found. Takes ownership of the memory of its bytes, if that is there already. */
    long make(@Nullable ImportedMemory foreign, SurfaceDescription description, SurfaceProperties options)
            throws SurfaceException {
        SharedMemory memory;
        try {
            memory = SharedMemory.create("machframe-surface", description.attachmentsAt(), AttachmentStore.SIZE);
        } catch (MachException e) {
            if (foreign != null) {
                foreign.close();
            }
            throw new SurfaceException("IOSurfaceCreate", e);
        }
        ControlBlock.write(memory.bytes(), description);
        long made = surfaces.add(new LinuxSurface(memory, foreign, description, false));
        try {
            announce(made);
            if (options.name().isPresent()) {
                setValue(made, text(SurfaceKey.NAME), options.name().get());
            }
            return made;
        } catch (SurfaceException | RuntimeException | Error e) {
            release(made);
            throw e;
        }
    }

    @Override
    public long lookupFromMachPort(int port) throws SurfaceException {
        int[][] fds = new int[1][];
        int code = ports.open(port, fds);
        if (code == KernReturn.KERN_INVALID_CAPABILITY || code == KernReturn.KERN_INVALID_RIGHT) {
            throw new SurfaceException(LOOK_UP, code, "the port gives no surface: it stands for something else");
        }
        SurfaceException.check(LOOK_UP, code);
        int second = fds[0].length > 1 ? fds[0][1] : NONE;
        try {
            return lookup(fds[0][0], second);
        } catch (SurfaceException e) {
            throw e;
        } catch (MachException e) {
            throw new SurfaceException(LOOK_UP, "the port gives no surface", e);
        } finally {
            if (second != NONE) {
                ports.close(second);
            }
        }
    }

    /** Takes ownership of the first descriptor only. */
    private long lookup(int control, int bytes) throws MachException {
        SharedMemory memory = SharedMemory.adopt(control, ControlBlock.SIZE);
        long found;
        try {
            SurfaceDescription description = ControlBlock.read(memory.bytes(), memory.size());
            ImportedMemory foreign = description.has(SurfaceDescription.SEPARATE)
                    ? ImportedMemory.map(
                            ports.dmaBufs(), bytes, description.layout().allocSize())
                    : null;
            found = surfaces.add(new LinuxSurface(memory, foreign, description, true));
        } catch (MachException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
        try {
            announce(found);
        } catch (SurfaceException notFoundHere) {
            // Others who look for it have to ask another process.
        }
        return found;
    }

    /** Lets other processes look the surface up, if it is global. */
    private void announce(long surface) throws SurfaceException {
        LinuxSurface found = get(surface);
        if (found.description().has(SurfaceDescription.GLOBAL)) {
            globals.add(found);
        }
    }

    @Override
    public long lookup(int id) throws SurfaceException {
        long own = surfaces.refer(globals.own(id));
        if (own != 0) {
            return own;
        }
        try (SendRight port = globals.find(id)) {
            if (port == null) {
                return 0;
            }
            int name = ACCESS.pin(port);
            try {
                long found = lookupFromMachPort(name);
                if (id(found) == id) {
                    return found;
                }
                release(found); // the process that answered lied
                return 0;
            } finally {
                ACCESS.unpin(port);
            }
        }
    }

    @Override
    public void release(long surface) {
        LinuxSurface last = surfaces.release(surface);
        if (last != null && !letGo(last)) {
            globals.keep(last);
        }
    }

    /**
     * Closes a surface unless something refers to it again. Returns false if it stays, to be found by its id, because a
     * port still stands for it.
     */
    private boolean letGo(LinuxSurface unreferenced) {
        synchronized (surfaces) {
            if (!surfaces.isUnreferenced(unreferenced)) {
                return true;
            }
            unreferenced.uses().giveBack();
            if (globals.own(unreferenced.id()) == unreferenced
                    && unreferenced.uses().isInUse()) {
                return false;
            }
            surfaces.remove(unreferenced);
        }
        globals.remove(unreferenced);
        unreferenced.close(); // takes its time for a large surface, so without the lock
        return true;
    }

    /** Answers a process that looks for an id, while the surface may be about to go. */
    private int createMachPortOfGlobal(LinuxSurface found) throws SurfaceException {
        long reference = surfaces.refer(found);
        if (reference == 0) {
            return Mach.MACH_PORT_NULL;
        }
        try {
            return createMachPort(reference);
        } finally {
            release(reference);
        }
    }

    @Override
    public int createMachPort(long surface) throws SurfaceException {
        int[] port = new int[1];
        int[] fds = get(surface).openForPort(ports::close);
        SurfaceException.check("IOSurfaceCreateMachPort", ports.insert(fds, port));
        return port[0];
    }

    @Override
    public void prefault(long surface) {
        get(surface).prefault();
    }

    @Override
    public int id(long surface) {
        return get(surface).id();
    }

    @Override
    public SurfaceLayout layout(long surface) {
        return get(surface).description().layout();
    }

    @Override
    public int lock(long surface, int options) throws SurfaceException {
        LinuxSurface found = get(surface);
        boolean write = (options & LOCK_READ_ONLY) == 0;
        if (write && !found.isWritable()) {
            throw new SurfaceException(
                    "IOSurfaceLock", KernReturn.KERN_NO_ACCESS, "this process may only read the surface");
        }
        try {
            found.requirePages();
        } catch (MachException e) {
            throw new SurfaceException("IOSurfaceLock", e);
        }
        SurfaceException.check("IOSurfaceLock", found.beginAccess(write));
        return found.seed();
    }

    @Override
    public int unlock(long surface, int options) throws SurfaceException {
        LinuxSurface found = get(surface);
        boolean write = (options & LOCK_READ_ONLY) == 0 && found.isWritable();
        int code = found.endAccess(write);
        int seed = write ? found.raiseSeed() : found.seed();
        SurfaceException.check("IOSurfaceUnlock", code);
        return seed;
    }

    @Override
    public int seed(long surface) {
        return get(surface).seed();
    }

    @Override
    public void incrementUseCount(long surface) throws SurfaceException {
        SurfaceException.check("IOSurfaceIncrementUseCount", get(surface).uses().increment());
    }

    @Override
    public boolean decrementUseCount(long surface) {
        return get(surface).uses().decrement() == KernReturn.KERN_SUCCESS;
    }

    @Override
    public int useCount(long surface) {
        return get(surface).uses().count();
    }

    @Override
    public boolean isInUse(long surface) {
        return get(surface).uses().isInUse();
    }

    @Override
    public long baseAddress(long surface) {
        return get(surface).address();
    }

    @Override
    public ByteBuffer bytes(long surface, long offset, int size) {
        return get(surface).bytes(offset, size);
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
        return !get(surface).description().has(SurfaceDescription.NO_CASTING);
    }

    private interface Step<T> {
        T run(AttachmentStore store) throws MachException;
    }

    private <T> T attachments(String call, long surface, Step<T> step) throws SurfaceException {
        AttachmentStore store = get(surface).attachments();
        try {
            return step.run(store);
        } catch (MachException e) {
            throw new SurfaceException(call, e);
        }
    }

    @Override
    public void setValue(long surface, String key, Object value) throws SurfaceException {
        setValues(surface, Map.of(key, value));
    }

    @Override
    public void setValues(long surface, Map<String, Object> values) throws SurfaceException {
        attachments("IOSurfaceSetValues", surface, store -> {
            store.changeValues(all -> all.putAll(values));
            return values;
        });
    }

    @Override
    public void removeValue(long surface, String key) throws SurfaceException {
        attachments("IOSurfaceRemoveValue", surface, store -> {
            store.changeValues(all -> all.remove(key));
            return key;
        });
    }

    @Override
    public void removeAllValues(long surface) throws SurfaceException {
        attachments("IOSurfaceRemoveAllValues", surface, store -> {
            store.replace(PropertyList.encode(Map.of()));
            return store;
        });
    }

    @Override
    public Optional<Object> copyValue(long surface, String key) throws SurfaceException {
        return attachments("IOSurfaceCopyValue", surface, store -> store.value(key));
    }

    @Override
    public Map<String, Object> copyAllValues(long surface) throws SurfaceException {
        return attachments("IOSurfaceCopyAllValues", surface, AttachmentStore::values);
    }

    @Override
    public PurgeState setPurgeable(long surface, PurgeState state) throws SurfaceException {
        LinuxSurface found = get(surface);
        try {
            return found.setPurgeable(state);
        } catch (SurfaceException e) {
            throw e;
        } catch (MachException e) {
            throw new SurfaceException("IOSurfaceSetPurgeable", e);
        }
    }

    /** The text of the constant, which is its name without the letter that all constants begin with. */
    @Override
    public String text(SurfaceKey key) {
        return key.symbol().substring(1);
    }
}
