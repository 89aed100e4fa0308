/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.core.error.KernReturn;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.Alignment;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import io.machframe.surface.platform.MemorySharing;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.platform.SurfacePlatform;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import io.machframe.surface.property.YCbCrMatrix;
import java.nio.ReadOnlyBufferException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Memory for pixels that processes share without copying it: an {@code IOSurface} on macOS, sealed shared memory on
 * Linux.
 *
 * <p>Its layout is fixed when it is made. Every holder may read and write its bytes between {@link #lock} and the end of
 * that lock, which excludes no other holder; its {@link #seed} counts the unlocks after writing. To let another process
 * hold it too, send that process a port made by {@link #createMachPort}.
 *
 * <p>Whether its maker may draw the next picture into it is told by {@link #isInUse} alone: it is in use as long as any
 * process has a use count, or a port that stands for it exists anywhere. What a process holds ends with the process,
 * however that ends.
 *
 * <p><b>Ownership.</b> The object owns one reference to the surface until it is closed; the memory goes with the last
 * reference or port in any process. One that is forgotten is released by the garbage collector and reported. After
 * {@link #close} every method but {@code equals}, {@code hashCode}, {@code toString} and {@code close} throws
 * {@link IllegalStateException}.
 *
 * <p><b>Equality.</b> Objects are equal if they refer to the same surface. They share its memory and this process's use
 * count, not their references.
 *
 * <p><b>Threads.</b> Thread-safe.
 */
public final class IOSurface implements Surface, AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();

    private final SurfaceCalls calls;
    private final long reference;
    private final int id;
    private final SurfaceLayout layout;
    private final Hold hold;
    private final Attachments attachments;
    private volatile @Nullable SurfaceBytes bytes;

    private IOSurface(SurfaceCalls calls, long reference, SurfaceLayout layout) {
        this.calls = calls;
        this.reference = reference;
        this.id = calls.id(reference);
        this.layout = layout;
        this.hold = Hold.of(this, toString(), () -> calls.release(reference));
        this.attachments = new Attachments(calls, reference, hold, YCbCrMatrix.ofHeight(layout.height()), false);
    }

    /** Returns whether surfaces can do something on this system, in this process. */
    public static boolean supports(SurfaceCapability capability) {
        return Platform.current()
                .has(
                        switch (capability) {
                            case READ_ONLY_PORTS -> PlatformCapability.READ_ONLY_SURFACES;
                            case MEMORY_SHARING -> PlatformCapability.FOREIGN_MEMORY;
                            case DMA_BUFS -> PlatformCapability.DMA_BUFS;
                        });
    }

    /**
     * Makes a surface, all of whose bytes are 0. {@code IOSurfaceCreate}.
     *
     * @throws IllegalArgumentException if the properties contradict each other or the layout rules; the message names the
     *     key and the rule
     * @throws SurfaceException {@code KERN_RESOURCE_SHORTAGE} if the machine, or on Linux the container, has no memory
     *     left for it, {@code KERN_NO_SPACE} if the process may have no descriptor or no file of that size more, another
     *     reason if the system refuses the layout
     */
    public static IOSurface create(SurfaceProperties properties) throws SurfaceException {
        return create(SurfacePlatform.require("IOSurfaceCreate"), properties);
    }

    static IOSurface create(SurfaceCalls calls, SurfaceProperties properties) throws SurfaceException {
        return adopt(calls, calls.create(layout(calls, properties), properties));
    }

    private static SurfaceLayout layout(SurfaceCalls calls, SurfaceProperties properties) {
        return SurfaceLayout.of(
                properties,
                new Alignment(
                        calls.propertyAlignment(SurfaceKey.BYTES_PER_ROW),
                        calls.propertyAlignment(SurfaceKey.PLANE_OFFSET)));
    }

    /**
     * Makes a surface in memory that devices can reach, too: a dma-buf. Each lock on it, in every process, tells the
     * kernel when the CPU begins and ends to use the memory. Otherwise as {@link #create}.
     *
     * @throws SurfaceException {@code KERN_NOT_SUPPORTED} where there is no {@link SurfaceCapability#DMA_BUFS}, {@code
     *     KERN_NO_SPACE} if the device makes none of that size ({@code udmabuf} takes 64 MiB unless configured otherwise),
     *     {@code KERN_RESOURCE_SHORTAGE} if there is not enough memory
     */
    public static IOSurface createDmaBuf(SurfaceProperties properties) throws SurfaceException {
        return createDmaBuf(SurfacePlatform.require("createDmaBuf"), properties);
    }

    static IOSurface createDmaBuf(SurfaceCalls calls, SurfaceProperties properties) throws SurfaceException {
        return adopt(calls, sharing(calls, "createDmaBuf").createDmaBuf(layout(calls, properties), properties));
    }

    /**
     * Makes a surface of memory that is there already, without copying it: a memfd or a dma-buf that another program
     * made and gave out, as GStreamer, PipeWire and V4L2 do. The surface can be shared, locked and counted as any other.
     * Nothing is written into the memory by this; it belongs to all who have it.
     *
     * <p>A memfd must not become smaller while it is mapped, so one without {@code F_SEAL_SHRINK} gets that seal, and one
     * that refuses it is refused. Whether its maker may use the memory again is between the two: that asks {@link
     * #isInUse}. The same memory given twice makes two surfaces.
     *
     * @param descriptor an open file descriptor, which stays the caller's, who may close it at once; if it is open for
     *     reading only, so is the surface
     * @param properties where the pixels are, by {@link SurfaceProperties#withOffset}, {@link
     *     SurfaceProperties#withBytesPerRow} and {@link SurfaceProperties#withPlane}; what is not said follows from the
     *     {@link LayoutPolicy}, as for other surfaces
     * @throws IllegalArgumentException as {@link #create}
     * @throws SurfaceException {@code KERN_INVALID_NAME} if the descriptor is not open, {@code KERN_INVALID_CAPABILITY} if
     *     it is no memory, {@code KERN_NO_ACCESS} if it could be made smaller and that cannot be prevented, {@code
     *     KERN_INVALID_ADDRESS} if it is smaller than the properties say, {@code KERN_RESOURCE_SHORTAGE} if it has holes
     *     for which there is no memory left, {@code KERN_NOT_SUPPORTED} where there is no {@link
     *     SurfaceCapability#MEMORY_SHARING}
     */
    public static IOSurface createInMemory(int descriptor, SurfaceProperties properties) throws SurfaceException {
        return createInMemory(SurfacePlatform.require("createInMemory"), descriptor, properties);
    }

    static IOSurface createInMemory(SurfaceCalls calls, int descriptor, SurfaceProperties properties)
            throws SurfaceException {
        SurfaceLayout layout = layout(calls, properties);
        return adopt(calls, sharing(calls, "createInMemory").importMemory(descriptor, layout, properties));
    }

    /** Returns what shares memory, where there is anything. */
    private static MemorySharing sharing(SurfaceCalls calls, String call) throws SurfaceException {
        MemorySharing sharing = calls.memorySharing();
        if (sharing == null) {
            throw new SurfaceException(
                    call,
                    KernReturn.KERN_NOT_SUPPORTED,
                    "this system shares surfaces only by ports that can be written");
        }
        return sharing;
    }

    /**
     * Takes a reference to the surface that a port stands for. {@code IOSurfaceLookupFromMachPort}.
     *
     * @param port stays the caller's, who may close it at once: this object holds the surface, but not in use
     * @throws SurfaceException {@code KERN_INVALID_CAPABILITY} if the port stands for something else, other reasons if a
     *     peer made a surface that is not safe to use
     */
    public static IOSurface fromMachPort(SendRight port) throws SurfaceException {
        return fromMachPort(SurfacePlatform.require("IOSurfaceLookupFromMachPort"), port);
    }

    static IOSurface fromMachPort(SurfaceCalls calls, SendRight port) throws SurfaceException {
        int name = ACCESS.pin(port);
        try {
            return adopt(calls, calls.lookupFromMachPort(name));
        } finally {
            ACCESS.unpin(port);
        }
    }

    /**
     * Takes a reference to a surface that was made {@link SurfaceProperties#withGlobal global}, {@code IOSurfaceLookup}.
     * Others are only found by those who are given a port.
     *
     * <p>On Linux the processes answer that hold the surface, or have held it and see that a port still stands for it,
     * wherever that is. When the last of these processes has ended it is no longer found by its id, even if a port of it
     * waits in a message to a process that never had it: a message is opened by its receiver only.
     *
     * @param id as {@link #id} has it
     * @return empty if there is no such surface, or it is not global
     * @throws SurfaceException if there is but it cannot be mapped, for lack of space or because what answers is no surface
     */
    public static Optional<IOSurface> lookUp(int id) throws SurfaceException {
        SurfaceCalls calls = SurfacePlatform.require("IOSurfaceLookup");
        long found = calls.lookup(id);
        return found == 0 ? Optional.empty() : Optional.of(adopt(calls, found));
    }

    /** Takes ownership of a reference. */
    private static IOSurface adopt(SurfaceCalls calls, long reference) throws SurfaceException {
        try {
            return new IOSurface(calls, reference, calls.layout(reference));
        } catch (SurfaceException | RuntimeException | Error e) {
            calls.release(reference);
            throw e;
        }
    }

    /**
     * Returns the largest value of a property that is safe with every GPU of this machine, 0 if there is no limit.
     * {@code IOSurfaceGetPropertyMaximum}. Linux has no limit but memory.
     */
    public static long maximum(SurfaceKey key) {
        return SurfacePlatform.current().propertyMaximum(key);
    }

    /**
     * Returns what the system wants a property to be a multiple of, 1 if anything. {@code IOSurfaceGetPropertyAlignment}.
     * It is a rule of {@link LayoutPolicy#IOSURFACE}.
     */
    public static long alignment(SurfaceKey key) {
        return SurfacePlatform.current().propertyAlignment(key);
    }

    /**
     * Returns the value, or the next larger one that {@link #alignment} allows. {@code IOSurfaceAlignProperty}.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public static long alignProperty(SurfaceKey key, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(key + " is " + value + ", must be at least 0");
        }
        return SurfacePlatform.current().alignProperty(key, value);
    }

    /**
     * Makes a port that stands for this surface. {@code IOSurfaceCreateMachPort}.
     *
     * @return the caller's, to send to other processes; the surface is in use as long as it or a copy of it exists in
     *     any process or message, also after this object is closed
     * @throws SurfaceException {@code KERN_NO_SPACE} or {@code KERN_RESOURCE_SHORTAGE}: no space for another right
     */
    public SendRight createMachPort() throws SurfaceException {
        hold.pin();
        try {
            return ACCESS.adoptSend(Task.self(), calls.createMachPort(reference));
        } finally {
            hold.unpin();
        }
    }

    /**
     * Makes a port whose receiver can only read the surface: there it has {@link LockOption#READ_ONLY} locks only, and the
     * kernel refuses to map or write the memory in any other way. Every process that holds the surface for writing now,
     * this one included, goes on writing; but from now on none can begin to, whichever port it is given. Otherwise as
     * {@link #createMachPort}.
     *
     * @throws SurfaceException {@code KERN_NOT_SUPPORTED} where there is no {@link SurfaceCapability#READ_ONLY_PORTS},
     *     before Linux 5.1, and for imported memory
     */
    public SendRight createReadOnlyMachPort() throws SurfaceException {
        hold.pin();
        try {
            return ACCESS.adoptSend(
                    Task.self(), sharing(calls, "createReadOnlyMachPort").createReadOnlyMachPort(reference));
        } finally {
            hold.unpin();
        }
    }

    @Override
    public ExportedMemory exportMemory() throws SurfaceException {
        return export("exportMemory", false);
    }

    /**
     * As {@link #exportMemory}, but as a dma-buf, which devices can use, too. If the surface is none itself one is made
     * that shares its memory, which from then on cannot be {@linkplain PurgeState#EMPTY emptied}. Whether a dma-buf is
     * still in use cannot be asked: it does not make the surface in use.
     *
     * @throws SurfaceException if the surface is no dma-buf itself: {@code KERN_NOT_SUPPORTED} if there is no {@code
     *     /dev/udmabuf}, {@code KERN_NO_SPACE} if it makes none of that size, {@code KERN_PROTECTION_FAILURE} if the
     *     surface is {@linkplain #isReadOnly read-only} or {@linkplain #createReadOnlyMachPort closed to writers}, {@code
     *     KERN_INVALID_ADDRESS} if it is in a memfd that does not end with a whole page
     */
    public ExportedMemory exportDmaBuf() throws SurfaceException {
        return export("exportDmaBuf", true);
    }

    private ExportedMemory export(String call, boolean dmaBuf) throws SurfaceException {
        hold.pin();
        try {
            return sharing(calls, call).export(reference, dmaBuf);
        } finally {
            hold.unpin();
        }
    }

    /** {@inheritDoc} So it is where this process got it by a {@linkplain #createReadOnlyMachPort read-only} port. */
    @Override
    public boolean isReadOnly() {
        hold.pin();
        try {
            MemorySharing sharing = calls.memorySharing();
            return sharing != null && sharing.isReadOnly(reference);
        } finally {
            hold.unpin();
        }
    }

    @Override
    public long reference() {
        hold.requireOpen();
        return calls.memorySharing() == null ? reference : 0;
    }

    /** Returns this surface as one that can only be read: for who may use it but does not own it. */
    public Surface asReadOnly() {
        return new ReadOnlySurface(this);
    }

    @Override
    public int id() {
        hold.requireOpen();
        return id;
    }

    @Override
    public SurfaceLayout layout() {
        hold.requireOpen();
        return layout;
    }

    /**
     * Pays now for the first access of this process to each page, which else makes the first picture slow: of a
     * 3840x2160 surface some 15 ms. Not for each picture: use surfaces again.
     */
    public void prefault() {
        hold.pin();
        try {
            calls.prefault(reference);
        } finally {
            hold.unpin();
        }
    }

    @Override
    public Attachments attachments() {
        return attachments;
    }

    /**
     * Says whether the system may take the memory of the surface, which is the same for all who hold it, and answers what
     * was said before. {@code IOSurfaceSetPurgeable}. A caller that leaves {@link PurgeState#VOLATILE} or
     * {@link PurgeState#EMPTY} and gets {@code EMPTY} as answer has lost the contents: all pixels must be drawn again.
     *
     * <p>{@code EMPTY} gives the memory back at once. Linux takes none by itself from a surface that is only volatile.
     *
     * @param state {@link PurgeState#KEEP_CURRENT} to change nothing
     * @return the state before
     * @throws SurfaceException {@code KERN_RESOURCE_SHORTAGE} if there is no memory to fill an empty surface with again,
     *     {@code KERN_NO_ACCESS} if this process may only read the surface, {@code KERN_NOT_SUPPORTED} for {@code EMPTY} if
     *     the memory is imported or a dma-buf was made of it
     */
    public PurgeState setPurgeable(PurgeState state) throws SurfaceException {
        hold.pin();
        try {
            return calls.setPurgeable(reference, state);
        } finally {
            hold.unpin();
        }
    }

    /** Returns whether a GPU may take elements for pixels of another size. {@code IOSurfaceAllowsPixelSizeCasting}. */
    public boolean allowsPixelSizeCasting() {
        hold.pin();
        try {
            return calls.allowsPixelSizeCasting(reference);
        } finally {
            hold.unpin();
        }
    }

    @Override
    public int seed() {
        hold.pin();
        try {
            return calls.seed(reference);
        } finally {
            hold.unpin();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws ReadOnlyBufferException if this process {@linkplain #isReadOnly may only read} the surface and the options
     *     do not have {@link LockOption#READ_ONLY}
     */
    @Override
    public SurfaceLock lock(LockOption... options) {
        return lock(LockOption.bits(options));
    }

    SurfaceLock lock(int options) {
        if (layout.format().isCompressed()) {
            throw new UnsupportedOperationException(
                    this + " is compressed by a GPU: its bytes mean nothing to a CPU, so it cannot be locked for one");
        }
        hold.keep(); // until unlock
        try {
            int seed = calls.lock(reference, options);
            boolean readOnly = (options & SurfaceCalls.LOCK_READ_ONLY) != 0;
            return new SurfaceLock(this, bytes().borrow(readOnly), options, seed);
        } catch (SurfaceException e) {
            hold.letGo();
            if (e.reason().code() == KernReturn.KERN_NO_ACCESS) {
                throw new ReadOnlyBufferException();
            }
            throw new IllegalStateException(this + " cannot be locked: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            hold.letGo();
            throw e;
        }
    }

    /** Ends one lock that was begun with these options, and returns the seed. */
    int unlock(int options, LockedBytes used) {
        used.recycle();
        try {
            return calls.unlock(reference, options);
        } catch (SurfaceException e) {
            throw new IllegalStateException(this + " cannot be unlocked: " + e.getMessage(), e);
        } finally {
            hold.letGo();
        }
    }

    private SurfaceBytes bytes() {
        SurfaceBytes known = bytes;
        long address = calls.baseAddress(reference);
        if (known == null || known.address() != address) {
            known = new SurfaceBytes((offset, size) -> calls.bytes(reference, offset, size), address, layout);
            bytes = known;
        }
        return known;
    }

    /**
     * Adds one to this process's use count. {@code IOSurfaceIncrementUseCount}. The count belongs to the process, not to
     * this object; it ends with the process's last reference to the surface.
     *
     * @throws SurfaceException {@code KERN_NO_SPACE} or {@code KERN_RESOURCE_SHORTAGE}: the first use needs a descriptor
     *     and there is none left
     */
    public void incrementUseCount() throws SurfaceException {
        hold.pin();
        try {
            calls.incrementUseCount(reference);
        } finally {
            hold.unpin();
        }
    }

    /**
     * Takes one from this process's use count. {@code IOSurfaceDecrementUseCount}.
     *
     * @throws IllegalStateException if it is 0
     */
    public void decrementUseCount() {
        hold.pin();
        try {
            if (!calls.decrementUseCount(reference)) {
                throw new IllegalStateException("this process has no use count on " + this);
            }
        } finally {
            hold.unpin();
        }
    }

    /** Returns this process's use count, for logs. {@code IOSurfaceGetUseCount}. */
    public int useCount() {
        hold.pin();
        try {
            return calls.useCount(reference);
        } finally {
            hold.unpin();
        }
    }

    /** Returns whether any process uses the surface, or a port that stands for it lives. {@code IOSurfaceIsInUse}. */
    public boolean isInUse() {
        hold.pin();
        try {
            return calls.isInUse(reference);
        } finally {
            hold.unpin();
        }
    }

    /** Returns whether this object still holds the surface. */
    public boolean isOpen() {
        return hold.isOpen();
    }

    /** Gives the reference back, after the locks that are held end. Ports made from it stay valid. Never throws. */
    @Override
    public void close() {
        bytes = null; // on macOS the buffers keep the memory until they are collected
        hold.close();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IOSurface that && id == that.id && calls == that.calls;
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return "surface 0x" + Integer.toHexString(id) + " (" + layout.width() + "x" + layout.height() + " "
                + layout.format() + ")";
    }
}
