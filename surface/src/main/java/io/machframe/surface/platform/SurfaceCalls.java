/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The IOSurface C API: what this library asks of IOSurface.framework on macOS, and nothing else. {@code IOSurfaceRef.h}.
 *
 * <p>A surface is a {@code long} that stands for one reference to it: an {@code IOSurfaceRef} on macOS. Two references
 * to one surface are two numbers with one {@link #id}. There is no policy and no exception here. Calls that can fail
 * return a {@code kern_return_t} ({@link io.machframe.core.error.KernReturn}) where C returns nothing or {@code NULL},
 * and write their out-parameters, which are arrays as they are pointers in C, only on success. All calls are safe from
 * any thread, as long as the reference they are given is not released meanwhile. A reference that is not held any more
 * answers 0, false or {@code KERN_INVALID_ARGUMENT} on Linux; on macOS it must not be used.
 *
 * <p>{@link #lock}, {@link #unlock}, {@link #seed}, {@link #isInUse} and the use counts allocate nothing.
 */
public interface SurfaceCalls {
    /** Option of {@link #lock}: no write follows, so the seed stays. {@code kIOSurfaceLockReadOnly}. */
    int LOCK_READ_ONLY = 1;

    /** Option of {@link #lock}: fail rather than copy back from a GPU. {@code kIOSurfaceLockAvoidSync}. */
    int LOCK_AVOID_SYNC = 2;

    /**
     * {@code IOSurfaceCreate}: {@code surface[0]} becomes a reference to a new surface, filled with zeros.
     *
     * <p>The description leaves nothing to defaults: where a size, an offset or a number of bytes per row applies, it is
     * given. So the rules of layout stand in one place, above this interface.
     *
     * <p>Values are {@code Long}s, {@code Boolean}s or {@code String}s, and {@code List}s of {@code Long}s for the
     * components.
     *
     * @param properties keys without {@code PLANE} in their name, and those of the components if there are no planes
     * @param planes one dictionary of {@code PLANE} keys for each plane, in order; empty for a surface that is not
     *     planar, which then has no {@link SurfaceKey#PLANE_INFO} in C
     */
    int create(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface);

    /**
     * As {@link #create}, but in memory that is there already. Only where there is
     * {@link io.machframe.core.platform.PlatformCapability#FOREIGN_MEMORY}, else {@code KERN_NOT_SUPPORTED}.
     *
     * <p>Beside the codes of any lack of room: {@code KERN_INVALID_NAME} if the descriptor is not open,
     * {@code KERN_INVALID_CAPABILITY} if it is no memory, {@code KERN_NO_ACCESS} if somebody could make it smaller and
     * that cannot be prevented, {@code KERN_PROTECTION_FAILURE} if it cannot be read, {@code KERN_INVALID_ADDRESS} if it
     * has fewer bytes than {@link SurfaceKey#ALLOC_SIZE} says.
     *
     * @param fd a file descriptor, which stays the caller's
     */
    int createInMemory(
            int fd, Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface);

    /** As {@link #create}, in memory that devices can reach, too; {@code KERN_NOT_SUPPORTED} where there is none. */
    int createDmaBuf(Map<SurfaceKey, ?> properties, List<? extends Map<SurfaceKey, ?>> planes, long[] surface);

    /**
     * Opens the memory of a surface for somebody who knows nothing of surfaces. {@code KERN_NOT_SUPPORTED} where that
     * cannot be; {@code KERN_PROTECTION_FAILURE} for a dma-buf, which can be written, of what must not be.
     *
     * @param dmaBuf whether it must be a dma-buf
     * @param fd receives a file descriptor, to be closed by {@link #closeMemory} or given away
     * @param start receives where in that memory the surface's bytes begin
     */
    int exportMemory(long surface, boolean dmaBuf, int[] fd, long[] start);

    /** Closes a descriptor that {@link #exportMemory} opened. */
    void closeMemory(int fd);

    /**
     * {@code IOSurfaceLookupFromMachPort}: {@code surface[0]} becomes a reference to the surface that a port stands for.
     * The port stays with the caller.
     *
     * <p>Beside the codes of any lack of room: {@code KERN_INVALID_NAME} and {@code KERN_INVALID_RIGHT} if the name
     * denotes no send right, {@code KERN_INVALID_CAPABILITY} if it denotes one to something else than a surface,
     * {@code KERN_NO_ACCESS} if its memory is not secured against being cut off, {@code KERN_INVALID_ADDRESS} if the
     * memory is smaller than the surface in it claims, {@code KERN_INVALID_VALUE} if that claim makes no sense. macOS
     * gives no reason: always {@code KERN_INVALID_CAPABILITY}.
     */
    int lookupFromMachPort(int port, long[] surface);

    /**
     * {@code IOSurfaceLookup}: {@code surface[0]} becomes a reference to the global surface of that id.
     * {@code KERN_INVALID_NAME} if no process holds such a surface, or it is not global.
     */
    int lookup(int id, long[] surface);

    /**
     * {@code IOSurfaceCreateMachPort}: {@code port[0]} becomes a send right, the caller's to deallocate. While the port
     * lives, wherever it is, the surface is in use.
     */
    int createMachPort(long surface, int[] port);

    /**
     * As {@link #createMachPort}, but who gets the port can only read the surface, and so can all who get any other port
     * from now on: whoever is to write it must hold it already. {@code KERN_NOT_SUPPORTED} on macOS.
     */
    int createReadOnlyMachPort(long surface, int[] port);

    /** Makes the first access to the bytes as fast as later ones, if the system can do that ahead. */
    void prefault(long surface);

    /** Returns whether this process may only read the surface. */
    boolean isReadOnly(long surface);

    /**
     * {@code CFRelease}. The use count of this process stays as it is while it has another reference; with the last
     * reference the counts this process still holds are given back.
     */
    void release(long surface);

    /** {@code IOSurfaceGetID}. Never 0. */
    int id(long surface);

    /**
     * {@code IOSurfaceLock}. {@code KERN_NO_ACCESS} if this process may only read the surface and the options do not say
     * that it will.
     *
     * @param options {@code LOCK_} bits
     * @param seed receives the seed
     */
    int lock(long surface, int options, int @Nullable [] seed);

    /**
     * {@code IOSurfaceUnlock}. After a lock for writing the seed is raised as part of the unlock.
     *
     * @param options those of the lock
     * @param seed receives the seed after the unlock
     */
    int unlock(long surface, int options, int @Nullable [] seed);

    /** {@code IOSurfaceGetSeed}. */
    int seed(long surface);

    /** {@code IOSurfaceIncrementUseCount}. */
    int incrementUseCount(long surface);

    /** {@code IOSurfaceDecrementUseCount}. {@code KERN_INVALID_ARGUMENT} if the count is 0 where that is noticed. */
    int decrementUseCount(long surface);

    /** {@code IOSurfaceGetUseCount}: what this process holds. */
    int useCount(long surface);

    /** {@code IOSurfaceIsInUse}: whether any process holds a use count, or any live port stands for the surface. */
    boolean isInUse(long surface);

    /** {@code IOSurfaceGetBaseAddress}; dependable while the surface is locked. */
    long baseAddress(long surface);

    /** {@code IOSurfaceGetBaseAddressOfPlane}; dependable while the surface is locked. */
    long baseAddressOfPlane(long surface, int plane);

    /**
     * Makes a direct, little-endian buffer of some of the {@link #allocSize} bytes at the {@link #baseAddress}, writable
     * unless the surface {@link #isReadOnly}; call it while the surface is locked.
     *
     * <p>Using the buffer, or one derived from it, never ends the process, even after {@link #release}: then its bytes
     * are either still the surface's or all 0.
     *
     * @param offset of the first byte, from the base address
     */
    ByteBuffer bytes(long surface, long offset, int size);

    /** {@code IOSurfaceGetAllocSize}. */
    long allocSize(long surface);

    /** {@code IOSurfaceGetWidth}. */
    long width(long surface);

    /** {@code IOSurfaceGetHeight}. */
    long height(long surface);

    /** {@code IOSurfaceGetBytesPerElement}. */
    long bytesPerElement(long surface);

    /** {@code IOSurfaceGetBytesPerRow}. */
    long bytesPerRow(long surface);

    /** {@code IOSurfaceGetElementWidth}. */
    long elementWidth(long surface);

    /** {@code IOSurfaceGetElementHeight}. */
    long elementHeight(long surface);

    /** {@code IOSurfaceGetPixelFormat}: a four-character code, 0 if none was set. */
    int pixelFormat(long surface);

    /** {@code IOSurfaceGetPlaneCount}: 0 for a surface that is not planar. */
    int planeCount(long surface);

    /** {@code IOSurfaceGetWidthOfPlane}. */
    long widthOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetHeightOfPlane}. */
    long heightOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetBytesPerElementOfPlane}. */
    long bytesPerElementOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetBytesPerRowOfPlane}. */
    long bytesPerRowOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetElementWidthOfPlane}. */
    long elementWidthOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetElementHeightOfPlane}. */
    long elementHeightOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetNumberOfComponentsOfPlane}; plane 0 if the surface is not planar. */
    int numberOfComponentsOfPlane(long surface, int plane);

    /** {@code IOSurfaceGetNameOfComponentOfPlane}. */
    int nameOfComponentOfPlane(long surface, int plane, int component);

    /** {@code IOSurfaceGetTypeOfComponentOfPlane}. */
    int typeOfComponentOfPlane(long surface, int plane, int component);

    /** {@code IOSurfaceGetRangeOfComponentOfPlane}. */
    int rangeOfComponentOfPlane(long surface, int plane, int component);

    /** {@code IOSurfaceGetBitDepthOfComponentOfPlane}. */
    int bitDepthOfComponentOfPlane(long surface, int plane, int component);

    /** {@code IOSurfaceGetBitOffsetOfComponentOfPlane}. */
    int bitOffsetOfComponentOfPlane(long surface, int plane, int component);

    /** {@code IOSurfaceGetSubsampling}. */
    int subsampling(long surface);

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
     * <p>Linux, beside the codes of any lack of room: {@code KERN_NO_SPACE} if all values together are too large,
     * {@code KERN_NO_ACCESS} if this process may only read the surface, {@code KERN_ABORTED} if another process does not
     * end its write, {@code KERN_INVALID_VALUE} if what others attached cannot be read. macOS tells of no failure.
     *
     * @param value of {@link PropertyList}
     */
    int setValue(long surface, String key, Object value);

    /** {@code IOSurfaceSetValues}: attaches all values of a map, as {@link #setValue} does, and keeps the others. */
    int setValues(long surface, Map<String, Object> values);

    /**
     * {@code IOSurfaceCopyValue}.
     *
     * @param value receives a value of {@link PropertyList}, null if there is none
     */
    int copyValue(long surface, String key, @Nullable Object[] value);

    /** {@code IOSurfaceCopyAllValues}: adds all attached values to a map. */
    int copyAllValues(long surface, Map<String, Object> values);

    /** {@code IOSurfaceRemoveValue}. */
    int removeValue(long surface, String key);

    /** {@code IOSurfaceRemoveAllValues}. */
    int removeAllValues(long surface);

    /**
     * {@code IOSurfaceSetPurgeable}. {@code KERN_RESOURCE_SHORTAGE} if there is no memory to leave the state of being
     * empty with.
     *
     * @param newState the number of a {@link io.machframe.surface.property.PurgeState}
     * @param oldState receives the number of the state before
     */
    int setPurgeable(long surface, int newState, int[] oldState);

    /** Returns the text of a key, by which its value is attached. */
    String text(SurfaceKey key);
}
