/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The IOSurface C API: what this library asks of IOSurface.framework on macOS. {@code IOSurfaceRef.h}.
 *
 * <p>A surface is a {@code long} that stands for one reference to it: an {@code IOSurfaceRef} on macOS. Two references
 * to one surface are two numbers with one {@link #id}. There is no policy here. What fails throws, with the reason from
 * where it is known. All calls are thread-safe as long as the reference they are given is not released in the meantime; a
 * reference that is not held any more is an {@link IllegalArgumentException} on Linux and must not be used on macOS.
 *
 * <p>{@link #lock}, {@link #unlock}, {@link #seed}, {@link #isInUse} and the use counts allocate nothing.
 */
public interface SurfaceCalls {
    /** Option of {@link #lock}: no write follows, so the seed stays. {@code kIOSurfaceLockReadOnly}. */
    int LOCK_READ_ONLY = 1;

    /** Option of {@link #lock}: fail rather than copy back from a GPU. {@code kIOSurfaceLockAvoidSync}. */
    int LOCK_AVOID_SYNC = 2;

    /**
     * {@code IOSurfaceCreate}: makes a surface filled with zeros.
     *
     * @param layout valid, with nothing left to defaults: so the rules of layout stand in one place, above this interface
     * @param options what else is asked: name, cache mode, casting, global; nothing of the layout is read from it
     * @return a reference
     */
    long create(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException;

    /**
     * {@code IOSurfaceLookupFromMachPort}: takes a reference to the surface that a port stands for. The port stays with
     * the caller.
     *
     * @throws SurfaceException {@code KERN_INVALID_NAME} and {@code KERN_INVALID_RIGHT} if the name denotes no send right,
     *     {@code KERN_INVALID_CAPABILITY} if it denotes one to something else than a surface, {@code KERN_NO_ACCESS} if its
     *     memory is not secured against being cut off, {@code KERN_INVALID_ADDRESS} if the memory is smaller than the
     *     surface in it claims, {@code KERN_INVALID_VALUE} if that claim makes no sense. macOS gives no reason: always
     *     {@code KERN_INVALID_CAPABILITY}
     */
    long lookupFromMachPort(int port) throws SurfaceException;

    /**
     * {@code IOSurfaceLookup}: takes a reference to the global surface of that id.
     *
     * @return 0 if no process holds such a surface, or it is not global
     */
    long lookup(int id) throws SurfaceException;

    /**
     * {@code IOSurfaceCreateMachPort}: makes a send right, the caller's to deallocate. While the port lives, wherever it
     * is, the surface is in use.
     */
    int createMachPort(long surface) throws SurfaceException;

    /** Makes the first access to the bytes as fast as later ones, if the system can do that ahead. */
    void prefault(long surface);

    /**
     * {@code CFRelease}. The use count of this process stays as it is while it has another reference; with the last
     * reference the counts this process still holds are given back.
     */
    void release(long surface);

    /** {@code IOSurfaceGetID}. Never 0. */
    int id(long surface);

    /** Returns the layout, which is the answer to two dozen functions of C. */
    SurfaceLayout layout(long surface) throws SurfaceException;

    /**
     * {@code IOSurfaceLock}.
     *
     * @param options {@code LOCK_} bits
     * @return the seed
     * @throws SurfaceException {@code KERN_NO_ACCESS} if this process may only read the surface and the options do not say
     *     that it will
     */
    int lock(long surface, int options) throws SurfaceException;

    /**
     * {@code IOSurfaceUnlock}. After a lock for writing the seed is raised as part of the unlock.
     *
     * @param options those of the lock
     * @return the seed after the unlock
     */
    int unlock(long surface, int options) throws SurfaceException;

    /** {@code IOSurfaceGetSeed}. */
    int seed(long surface);

    /** {@code IOSurfaceIncrementUseCount}. */
    void incrementUseCount(long surface) throws SurfaceException;

    /** {@code IOSurfaceDecrementUseCount}. Returns false if the count was 0, where that is noticed. */
    boolean decrementUseCount(long surface);

    /** {@code IOSurfaceGetUseCount}: what this process holds. */
    int useCount(long surface);

    /** {@code IOSurfaceIsInUse}: whether any process holds a use count, or any live port stands for the surface. */
    boolean isInUse(long surface);

    /** {@code IOSurfaceGetBaseAddress}; dependable while the surface is locked. */
    long baseAddress(long surface);

    /**
     * Makes a direct, little-endian buffer of some of the surface's bytes at the {@link #baseAddress}, writable unless
     * this process may only read them; call it while the surface is locked.
     *
     * <p>Using the buffer, or one derived from it, never ends the process, even after {@link #release}: then its bytes
     * are either still the surface's or all 0.
     *
     * @param offset of the first byte, from the base address
     */
    ByteBuffer bytes(long surface, long offset, int size);

    /** {@code IOSurfaceGetPropertyMaximum}: 0 when there is no limit. */
    long propertyMaximum(SurfaceKey key);

    /** {@code IOSurfaceGetPropertyAlignment}: 1 when there is no rule. */
    long propertyAlignment(SurfaceKey key);

    /** {@code IOSurfaceAlignProperty}: the value, or the next larger one that {@link #propertyAlignment} allows. */
    long alignProperty(SurfaceKey key, long value);

    /** {@code IOSurfaceAllowsPixelSizeCasting}. */
    boolean allowsPixelSizeCasting(long surface);

    /**
     * {@code IOSurfaceSetValue}: attaches a value, seen by all who hold the surface, in place of an older one.
     *
     * @param value of {@code PropertyList}
     * @throws SurfaceException on Linux, {@code KERN_NO_SPACE} if all values together are too large, {@code KERN_NO_ACCESS}
     *     if this process may only read the surface, {@code KERN_ABORTED} if another process does not end its write,
     *     {@code KERN_INVALID_VALUE} if what others attached cannot be read. macOS reports no failure
     */
    void setValue(long surface, String key, Object value) throws SurfaceException;

    /** {@code IOSurfaceSetValues}: attaches all values of a map, as {@link #setValue} does, and keeps the others. */
    void setValues(long surface, Map<String, Object> values) throws SurfaceException;

    /** {@code IOSurfaceCopyValue}: a value of {@code PropertyList}, if there is one. */
    Optional<Object> copyValue(long surface, String key) throws SurfaceException;

    /** {@code IOSurfaceCopyAllValues}. */
    Map<String, Object> copyAllValues(long surface) throws SurfaceException;

    /** {@code IOSurfaceRemoveValue}. */
    void removeValue(long surface, String key) throws SurfaceException;

    /** {@code IOSurfaceRemoveAllValues}. */
    void removeAllValues(long surface) throws SurfaceException;

    /**
     * {@code IOSurfaceSetPurgeable}.
     *
     * @return the state before
     * @throws SurfaceException {@code KERN_RESOURCE_SHORTAGE} if there is no memory to leave the state of being empty with
     */
    PurgeState setPurgeable(long surface, PurgeState state) throws SurfaceException;

    /** Returns the text of a key, by which its value is attached. */
    String text(SurfaceKey key);

    /** Returns what else this system does with a surface's memory; null on macOS. */
    @Nullable
    MemorySharing memorySharing();
}
