/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.darwin.Scratch;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.platform.MemorySharing;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.plist.Unreadable;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The IOSurface calls of macOS: each method is one function of {@link IOSurfaceFramework}.
 *
 * <p>Where C has no code for a failure it is {@link KernReturn#KERN_FAILURE}. A reference that is not held any more must
 * not be used: as in C, that ends the process.
 *
 * <p>Not run on a Mac yet: the bindings were checked against the ABI table of the macOS SDKs 11.3 to 14.2 and called on
 * Linux into a library compiled from it. What the framework itself answers is untried.
 */
public final class DarwinSurfaceCalls implements SurfaceCalls {
    private static final String CREATE = "IOSurfaceCreate";
    private static final Cleaner CLEANER = Cleaner.create();

    /** Keys that the oldest macOS supported lacks. */
    private static final Set<SurfaceKey> NEWER_KEYS = EnumSet.of(SurfaceKey.CONTENT_HEADROOM);

    /** Place of a seed in the thread's scratch memory. */
    private static final int SEED = 0;

    /** Place of a state in the same. */
    private static final int OLD_STATE = 0;

    private final OwnedObjects.Callbacks callbacks;

    /** The {@code CFStringRef} of each key; the framework's own, never released. */
    private final Map<SurfaceKey, Long> keys = new EnumMap<>(SurfaceKey.class);

    /**
     * Binds IOSurface.framework and CoreFoundation.
     *
     * @throws UnsatisfiedLinkError on a system that has none
     */
    public DarwinSurfaceCalls() {
        this(IOSurfaceFramework.INSTALL_NAME, CoreFoundation.INSTALL_NAME);
    }

    /** Binds two libraries; the tests give their own. */
    DarwinSurfaceCalls(String surfaceLibrary, String foundationLibrary) {
        NativeLibrary foundation = CoreFoundation.bind(foundationLibrary);
        this.callbacks = new OwnedObjects.Callbacks(
                address(foundation, CoreFoundation.KEY_CALLBACKS),
                address(foundation, CoreFoundation.VALUE_CALLBACKS),
                address(foundation, CoreFoundation.ARRAY_CALLBACKS));
        NativeLibrary surfaces = IOSurfaceFramework.bind(surfaceLibrary);
        for (SurfaceKey key : SurfaceKey.values()) {
            bind(surfaces, key);
        }
    }

    private void bind(NativeLibrary surfaces, SurfaceKey key) {
        try {
            keys.put(key, surfaces.getGlobalVariableAddress(key.symbol()).getLong(0));
        } catch (UnsatisfiedLinkError e) {
            if (!NEWER_KEYS.contains(key)) {
                throw e;
            }
        }
    }

    private static long address(NativeLibrary library, String variable) {
        return Pointer.nativeValue(library.getGlobalVariableAddress(variable));
    }

    @Override
    public @Nullable MemorySharing memorySharing() {
        return null;
    }

    /** {@inheritDoc} Whether the base address of an image with an offset has it in it is not known: it is refused. */
    @Override
    public long create(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException {
        if (!layout.planar() && layout.planes().get(0).offset() != 0) {
            throw new SurfaceException(
                    CREATE, KernReturn.KERN_NOT_SUPPORTED, SurfaceKey.OFFSET + " was not tried on this system");
        }
        return withObjects(CREATE, objects -> {
            long description = dictionary(objects, DarwinLayout.dictionary(layout, options));
            return require(
                    IOSurfaceFramework.IOSurfaceCreate(description),
                    CREATE,
                    KernReturn.KERN_FAILURE,
                    "the system makes no such surface, and gives no reason");
        });
    }

    private long dictionary(OwnedObjects objects, Map<SurfaceKey, Object> values) {
        long dictionary = objects.dictionary();
        values.forEach((key, value) -> CoreFoundation.CFDictionarySetValue(
                dictionary, key(key), key == SurfaceKey.PLANE_INFO ? planes(objects, value) : objects.value(value)));
        return dictionary;
    }

    @SuppressWarnings("unchecked") // as DarwinLayout has it
    private long planes(OwnedObjects objects, Object planes) {
        long array = objects.array();
        for (Map<SurfaceKey, Object> plane : (List<Map<SurfaceKey, Object>>) planes) {
            CoreFoundation.CFArrayAppendValue(array, dictionary(objects, plane));
        }
        return array;
    }

    private long key(SurfaceKey key) {
        return Objects.requireNonNull(keys.get(key));
    }

    private static long require(long made, String call, int code, String why) throws SurfaceException {
        if (made == 0) {
            throw new SurfaceException(call, code, why);
        }
        return made;
    }

    @Override
    public long lookupFromMachPort(int port) throws SurfaceException {
        return require(
                IOSurfaceFramework.IOSurfaceLookupFromMachPort(port),
                "IOSurfaceLookupFromMachPort",
                KernReturn.KERN_INVALID_CAPABILITY,
                "the port gives no surface: it stands for something else");
    }

    @Override
    public long lookup(int id) {
        return IOSurfaceFramework.IOSurfaceLookup(id);
    }

    @Override
    public int createMachPort(long surface) throws SurfaceException {
        int made = IOSurfaceFramework.IOSurfaceCreateMachPort(surface);
        if (made == Mach.MACH_PORT_NULL || made == Mach.MACH_PORT_DEAD) {
            throw new SurfaceException(
                    "IOSurfaceCreateMachPort", KernReturn.KERN_FAILURE, "the system gives no port, and no reason");
        }
        return made;
    }

    /** {@inheritDoc} A lock is said to make a fresh surface's zeros real. */
    @Override
    public void prefault(long surface) {
        if (IOSurfaceFramework.IOSurfaceLock(surface, LOCK_READ_ONLY, 0) == KernReturn.KERN_SUCCESS) {
            IOSurfaceFramework.IOSurfaceUnlock(surface, LOCK_READ_ONLY, 0);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A buffer that {@link #bytes} made is a reference too, until it is collected.
     */
    @Override
    public void release(long surface) {
        CoreFoundation.CFRelease(surface);
    }

    @Override
    public int id(long surface) {
        return IOSurfaceFramework.IOSurfaceGetID(surface);
    }

    /** {@inheritDoc} Only a locked surface has addresses to tell offsets by, and a compressed one cannot be locked. */
    @Override
    public SurfaceLayout layout(long surface) throws SurfaceException {
        if (new PixelFormat(IOSurfaceFramework.IOSurfaceGetPixelFormat(surface)).isCompressed()) {
            return DarwinLayout.read(surface);
        }
        lock(surface, LOCK_READ_ONLY);
        try {
            return DarwinLayout.read(surface);
        } finally {
            unlock(surface, LOCK_READ_ONLY);
        }
    }

    @Override
    public int lock(long surface, int options) throws SurfaceException {
        Scratch scratch = Scratch.ofThread();
        SurfaceException.check("IOSurfaceLock", IOSurfaceFramework.IOSurfaceLock(surface, options, scratch.at(SEED)));
        return scratch.getInt(SEED);
    }

    @Override
    public int unlock(long surface, int options) throws SurfaceException {
        Scratch scratch = Scratch.ofThread();
        SurfaceException.check(
                "IOSurfaceUnlock", IOSurfaceFramework.IOSurfaceUnlock(surface, options, scratch.at(SEED)));
        return scratch.getInt(SEED);
    }

    @Override
    public int seed(long surface) {
        return IOSurfaceFramework.IOSurfaceGetSeed(surface);
    }

    @Override
    public void incrementUseCount(long surface) {
        IOSurfaceFramework.IOSurfaceIncrementUseCount(surface);
    }

    /** {@inheritDoc} C does not notice: the count is asked before. */
    @Override
    public boolean decrementUseCount(long surface) {
        if (useCount(surface) == 0) {
            return false;
        }
        IOSurfaceFramework.IOSurfaceDecrementUseCount(surface);
        return true;
    }

    @Override
    public int useCount(long surface) {
        return IOSurfaceFramework.IOSurfaceGetUseCount(surface);
    }

    @Override
    public boolean isInUse(long surface) {
        return IOSurfaceFramework.IOSurfaceIsInUse(surface) != 0;
    }

    @Override
    public long baseAddress(long surface) {
        return IOSurfaceFramework.IOSurfaceGetBaseAddress(surface);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The memory is the kernel's to unmap, with the last reference. So the buffer is a reference: it is given back
     * when the buffer, and all that was derived from it, is collected. A surface without memory has empty buffers.
     */
    @Override
    public ByteBuffer bytes(long surface, long offset, int size) {
        long base = baseAddress(surface);
        if (base == 0) {
            return ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        Objects.checkFromIndexSize(offset, size, IOSurfaceFramework.IOSurfaceGetAllocSize(surface));
        ByteBuffer bytes = new Pointer(base + offset).getByteBuffer(0, size);
        CoreFoundation.CFRetain(surface);
        CLEANER.register(bytes, () -> CoreFoundation.CFRelease(surface));
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long propertyMaximum(SurfaceKey key) {
        return keys.containsKey(key) ? IOSurfaceFramework.IOSurfaceGetPropertyMaximum(key(key)) : 0;
    }

    @Override
    public long propertyAlignment(SurfaceKey key) {
        return keys.containsKey(key) ? IOSurfaceFramework.IOSurfaceGetPropertyAlignment(key(key)) : 1;
    }

    @Override
    public long alignProperty(SurfaceKey key, long value) {
        return keys.containsKey(key) ? IOSurfaceFramework.IOSurfaceAlignProperty(key(key), value) : value;
    }

    @Override
    public boolean allowsPixelSizeCasting(long surface) {
        return IOSurfaceFramework.IOSurfaceAllowsPixelSizeCasting(surface) != 0;
    }

    private interface ObjectStep<T> {
        T run(OwnedObjects objects) throws SurfaceException;
    }

    /** Runs a step with objects that live as long as it. */
    private <T> T withObjects(String call, ObjectStep<T> step) throws SurfaceException {
        try (OwnedObjects objects = new OwnedObjects(callbacks)) {
            return step.run(objects);
        } catch (OwnedObjects.NoObjectException e) {
            throw new SurfaceException(call, KernReturn.KERN_RESOURCE_SHORTAGE, "CoreFoundation has no object to give");
        } catch (IllegalArgumentException e) {
            throw new SurfaceException(
                    call, KernReturn.KERN_INVALID_VALUE, "what a peer attached cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void setValue(long surface, String key, Object value) throws SurfaceException {
        withObjects("IOSurfaceSetValue", objects -> {
            IOSurfaceFramework.IOSurfaceSetValue(surface, objects.value(key), objects.value(value));
            return key;
        });
    }

    @Override
    public void setValues(long surface, Map<String, Object> values) throws SurfaceException {
        withObjects("IOSurfaceSetValues", objects -> {
            IOSurfaceFramework.IOSurfaceSetValues(surface, objects.value(values));
            return values;
        });
    }

    @Override
    public Optional<Object> copyValue(long surface, String key) throws SurfaceException {
        return withObjects("IOSurfaceCopyValue", objects -> {
            long found = IOSurfaceFramework.IOSurfaceCopyValue(surface, objects.value(key));
            return found == 0
                    ? Optional.empty()
                    : Optional.of(PropertyList.decode(objects.describe(objects.own(found))));
        });
    }

    @Override
    public Map<String, Object> copyAllValues(long surface) throws SurfaceException {
        return withObjects("IOSurfaceCopyAllValues", objects -> {
            long found = IOSurfaceFramework.IOSurfaceCopyAllValues(surface);
            if (found == 0) {
                return Map.of();
            }
            Map<String, Object> values = PropertyList.decodeMap(objects.describe(objects.own(found)));
            values.values().removeIf(Unreadable.class::isInstance);
            return values;
        });
    }

    @Override
    public void removeValue(long surface, String key) throws SurfaceException {
        withObjects("IOSurfaceRemoveValue", objects -> {
            IOSurfaceFramework.IOSurfaceRemoveValue(surface, objects.value(key));
            return key;
        });
    }

    @Override
    public void removeAllValues(long surface) {
        IOSurfaceFramework.IOSurfaceRemoveAllValues(surface);
    }

    @Override
    public PurgeState setPurgeable(long surface, PurgeState state) throws SurfaceException {
        Scratch scratch = Scratch.ofThread();
        SurfaceException.check(
                "IOSurfaceSetPurgeable",
                IOSurfaceFramework.IOSurfaceSetPurgeable(surface, state.number(), scratch.at(OLD_STATE)));
        return PurgeState.of(scratch.getInt(OLD_STATE));
    }

    /** {@inheritDoc} Asked of the framework, as its header does not tell; a key newer than this system is called by its name. */
    @Override
    public String text(SurfaceKey key) {
        if (!keys.containsKey(key)) {
            return key.symbol().substring(1);
        }
        try (OwnedObjects objects = new OwnedObjects(callbacks)) {
            return (String) PropertyList.decode(objects.describe(key(key)));
        }
    }
}
