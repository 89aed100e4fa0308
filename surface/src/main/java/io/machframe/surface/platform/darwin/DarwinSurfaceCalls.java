/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.darwin.Scratch;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.plist.Unreadable;
import io.machframe.surface.property.SurfaceKey;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** {@inheritDoc} Whether the base address of an image with an offset has it in it is not known: it is refused. */
    @Override
    public int create(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface) {
        if (properties.containsKey(SurfaceKey.OFFSET)) {
            return KernReturn.KERN_NOT_SUPPORTED;
        }
        try (OwnedObjects objects = new OwnedObjects(callbacks)) {
            long description = dictionary(objects, properties);
            if (!planes.isEmpty()) {
                CoreFoundation.CFDictionarySetValue(description, key(SurfaceKey.PLANE_INFO), array(objects, planes));
            }
            return reference(IOSurfaceFramework.IOSurfaceCreate(description), KernReturn.KERN_FAILURE, surface);
        } catch (OwnedObjects.NoObjectException e) {
            return KernReturn.KERN_RESOURCE_SHORTAGE;
        }
    }

    @Override
    public int createInMemory(
            int fd, Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface) {
        return KernReturn.KERN_NOT_SUPPORTED;
    }

    @Override
    public int createDmaBuf(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface) {
        return KernReturn.KERN_NOT_SUPPORTED;
    }

    @Override
    public int exportMemory(long surface, boolean dmaBuf, int[] fd, long[] start) {
        return KernReturn.KERN_NOT_SUPPORTED;
    }

    /** {@inheritDoc} There never is one. */
    @Override
    public void closeMemory(int fd) {}

    private long dictionary(OwnedObjects objects, Map<SurfaceKey, ?> values) {
        long dictionary = objects.dictionary();
        values.forEach((key, value) -> CoreFoundation.CFDictionarySetValue(dictionary, key(key), objects.value(value)));
        return dictionary;
    }

    private long array(OwnedObjects objects, List<? extends Map<SurfaceKey, ?>> dictionaries) {
        long array = objects.array();
        dictionaries.forEach(values -> CoreFoundation.CFArrayAppendValue(array, dictionary(objects, values)));
        return array;
    }

    private long key(SurfaceKey key) {
        return Objects.requireNonNull(keys.get(key));
    }

    private static int reference(long made, int failure, long[] surface) {
        if (made == 0) {
            return failure;
        }
        surface[0] = made;
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public int lookupFromMachPort(int port, long[] surface) {
        return reference(
                IOSurfaceFramework.IOSurfaceLookupFromMachPort(port), KernReturn.KERN_INVALID_CAPABILITY, surface);
    }

    @Override
    public int lookup(int id, long[] surface) {
        return reference(IOSurfaceFramework.IOSurfaceLookup(id), KernReturn.KERN_INVALID_NAME, surface);
    }

    @Override
    public int createMachPort(long surface, int[] port) {
        int made = IOSurfaceFramework.IOSurfaceCreateMachPort(surface);
        if (made == Mach.MACH_PORT_NULL || made == Mach.MACH_PORT_DEAD) {
            return KernReturn.KERN_FAILURE;
        }
        port[0] = made;
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public int createReadOnlyMachPort(long surface, int[] port) {
        return KernReturn.KERN_NOT_SUPPORTED;
    }

    /** {@inheritDoc} A lock is said to make a fresh surface's zeros real. */
    @Override
    public void prefault(long surface) {
        if (lock(surface, LOCK_READ_ONLY, null) == KernReturn.KERN_SUCCESS) {
            unlock(surface, LOCK_READ_ONLY, null);
        }
    }

    @Override
    public boolean isReadOnly(long surface) {
        return false;
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

    @Override
    public int lock(long surface, int options, int @Nullable [] seed) {
        Scratch scratch = Scratch.ofThread();
        int code = IOSurfaceFramework.IOSurfaceLock(surface, options, scratch.at(SEED));
        return seed(code, scratch, seed);
    }

    @Override
    public int unlock(long surface, int options, int @Nullable [] seed) {
        Scratch scratch = Scratch.ofThread();
        int code = IOSurfaceFramework.IOSurfaceUnlock(surface, options, scratch.at(SEED));
        return seed(code, scratch, seed);
    }

    private static int seed(int code, Scratch scratch, int @Nullable [] seed) {
        if (code == KernReturn.KERN_SUCCESS && seed != null) {
            seed[0] = scratch.getInt(SEED);
        }
        return code;
    }

    @Override
    public int seed(long surface) {
        return IOSurfaceFramework.IOSurfaceGetSeed(surface);
    }

    @Override
    public int incrementUseCount(long surface) {
        IOSurfaceFramework.IOSurfaceIncrementUseCount(surface);
        return KernReturn.KERN_SUCCESS;
    }

    /** {@inheritDoc} Here it is not noticed. */
    @Override
    public int decrementUseCount(long surface) {
        IOSurfaceFramework.IOSurfaceDecrementUseCount(surface);
        return KernReturn.KERN_SUCCESS;
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

    @Override
    public long baseAddressOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetBaseAddressOfPlane(surface, plane);
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
        Objects.checkFromIndexSize(offset, size, allocSize(surface));
        ByteBuffer bytes = new Pointer(base + offset).getByteBuffer(0, size);
        CoreFoundation.CFRetain(surface);
        CLEANER.register(bytes, () -> CoreFoundation.CFRelease(surface));
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long allocSize(long surface) {
        return IOSurfaceFramework.IOSurfaceGetAllocSize(surface);
    }

    @Override
    public long width(long surface) {
        return IOSurfaceFramework.IOSurfaceGetWidth(surface);
    }

    @Override
    public long height(long surface) {
        return IOSurfaceFramework.IOSurfaceGetHeight(surface);
    }

    @Override
    public long bytesPerElement(long surface) {
        return IOSurfaceFramework.IOSurfaceGetBytesPerElement(surface);
    }

    @Override
    public long bytesPerRow(long surface) {
        return IOSurfaceFramework.IOSurfaceGetBytesPerRow(surface);
    }

    @Override
    public long elementWidth(long surface) {
        return IOSurfaceFramework.IOSurfaceGetElementWidth(surface);
    }

    @Override
    public long elementHeight(long surface) {
        return IOSurfaceFramework.IOSurfaceGetElementHeight(surface);
    }

    @Override
    public int pixelFormat(long surface) {
        return IOSurfaceFramework.IOSurfaceGetPixelFormat(surface);
    }

    @Override
    public int planeCount(long surface) {
        return (int) IOSurfaceFramework.IOSurfaceGetPlaneCount(surface);
    }

    @Override
    public long widthOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetWidthOfPlane(surface, plane);
    }

    @Override
    public long heightOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetHeightOfPlane(surface, plane);
    }

    @Override
    public long bytesPerElementOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetBytesPerElementOfPlane(surface, plane);
    }

    @Override
    public long bytesPerRowOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetBytesPerRowOfPlane(surface, plane);
    }

    @Override
    public long elementWidthOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetElementWidthOfPlane(surface, plane);
    }

    @Override
    public long elementHeightOfPlane(long surface, int plane) {
        return IOSurfaceFramework.IOSurfaceGetElementHeightOfPlane(surface, plane);
    }

    @Override
    public int numberOfComponentsOfPlane(long surface, int plane) {
        return (int) IOSurfaceFramework.IOSurfaceGetNumberOfComponentsOfPlane(surface, plane);
    }

    @Override
    public int nameOfComponentOfPlane(long surface, int plane, int component) {
        return IOSurfaceFramework.IOSurfaceGetNameOfComponentOfPlane(surface, plane, component);
    }

    @Override
    public int typeOfComponentOfPlane(long surface, int plane, int component) {
        return IOSurfaceFramework.IOSurfaceGetTypeOfComponentOfPlane(surface, plane, component);
    }

    @Override
    public int rangeOfComponentOfPlane(long surface, int plane, int component) {
        return IOSurfaceFramework.IOSurfaceGetRangeOfComponentOfPlane(surface, plane, component);
    }

    @Override
    public int bitDepthOfComponentOfPlane(long surface, int plane, int component) {
        return (int) IOSurfaceFramework.IOSurfaceGetBitDepthOfComponentOfPlane(surface, plane, component);
    }

    @Override
    public int bitOffsetOfComponentOfPlane(long surface, int plane, int component) {
        return (int) IOSurfaceFramework.IOSurfaceGetBitOffsetOfComponentOfPlane(surface, plane, component);
    }

    @Override
    public int subsampling(long surface) {
        return IOSurfaceFramework.IOSurfaceGetSubsampling(surface);
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

    private interface ObjectStep {
        void run(OwnedObjects objects);
    }

    /** Runs a step with objects that live as long as it. */
    private int withObjects(ObjectStep step) {
        try (OwnedObjects objects = new OwnedObjects(callbacks)) {
            step.run(objects);
            return KernReturn.KERN_SUCCESS;
        } catch (OwnedObjects.NoObjectException e) {
            return KernReturn.KERN_RESOURCE_SHORTAGE;
        } catch (IllegalArgumentException e) {
            return KernReturn.KERN_INVALID_VALUE;
        }
    }

    @Override
    public int setValue(long surface, String key, Object value) {
        return withObjects(
                objects -> IOSurfaceFramework.IOSurfaceSetValue(surface, objects.value(key), objects.value(value)));
    }

    @Override
    public int setValues(long surface, Map<String, Object> values) {
        return withObjects(objects -> IOSurfaceFramework.IOSurfaceSetValues(surface, objects.value(values)));
    }

    @Override
    public int copyValue(long surface, String key, @Nullable Object[] value) {
        return withObjects(objects -> {
            long found = IOSurfaceFramework.IOSurfaceCopyValue(surface, objects.value(key));
            value[0] = found == 0 ? null : PropertyList.decode(objects.describe(objects.own(found)));
        });
    }

    @Override
    public int copyAllValues(long surface, Map<String, Object> values) {
        return withObjects(objects -> {
            long found = IOSurfaceFramework.IOSurfaceCopyAllValues(surface);
            if (found != 0) {
                values.putAll(PropertyList.decodeMap(objects.describe(objects.own(found))));
                values.values().removeIf(Unreadable.class::isInstance);
            }
        });
    }

    @Override
    public int removeValue(long surface, String key) {
        return withObjects(objects -> IOSurfaceFramework.IOSurfaceRemoveValue(surface, objects.value(key)));
    }

    @Override
    public int removeAllValues(long surface) {
        IOSurfaceFramework.IOSurfaceRemoveAllValues(surface);
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public int setPurgeable(long surface, int newState, int[] oldState) {
        Scratch scratch = Scratch.ofThread();
        int code = IOSurfaceFramework.IOSurfaceSetPurgeable(surface, newState, scratch.at(OLD_STATE));
        if (code == KernReturn.KERN_SUCCESS) {
            oldState[0] = scratch.getInt(OLD_STATE);
        }
        return code;
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
