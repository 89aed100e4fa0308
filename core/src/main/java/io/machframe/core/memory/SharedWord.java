/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.memory;

import io.machframe.core.platform.InterruptHook;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.core.platform.WordCalls;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A 32-bit word of memory that processes share, for whose change a thread can wait without a message: one wake-up ends the
 * waits of all processes, and costs nothing where no thread waits and the waker knows so. Little-endian.
 *
 * <p>It is a word of a {@link MemoryRegion} mapped from a {@link MemoryEntry}; to wait for it, and to wake others, reading
 * access is enough.
 *
 * <p><b>Ownership.</b> The region stays the caller's, and must be open during each call.
 *
 * <p><b>Threads.</b> Thread-safe, but one thread at a time waits by one object.
 */
public final class SharedWord {
    /** For {@link #await}: no limit. */
    public static final long NO_LIMIT = WordCalls.NO_LIMIT;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    /** Between wake-ups of a thread that is about to wait and so may not be woken by one. */
    private static final long RETRY_NANOS = 20_000;

    private final WordCalls calls = Platform.current().words();
    private final InterruptHook hook = new InterruptHook(this::wakeWaiter);
    private final MemoryRegion region;
    private final ByteBuffer bytes;
    private final int offset;
    private volatile boolean waiting;
    private volatile boolean cancelled;

    private SharedWord(MemoryRegion region, int offset) {
        this.region = region;
        this.bytes = region.bytes();
        this.offset = offset;
    }

    /** Returns whether this system can wait for words. If it cannot, {@link #of} throws. */
    public static boolean isSupported() {
        return Platform.current().has(PlatformCapability.SHARED_WORDS);
    }

    /**
     * Returns a word of a region.
     *
     * @param offset in bytes, a multiple of 4
     * @throws UnsupportedOperationException if the system {@linkplain #isSupported cannot wait for words}
     */
    public static SharedWord of(MemoryRegion region, int offset) {
        if (offset < 0 || offset % Integer.BYTES != 0 || offset > region.size() - Integer.BYTES) {
            throw new IllegalArgumentException("there is no word at offset " + offset + " of " + region);
        }
        return new SharedWord(region, offset);
    }

    /** Returns the value, with the memory effects of a volatile read. */
    public int get() {
        return (int) INT.getVolatile(bytes, offset);
    }

    /**
     * Changes the value, with the memory effects of a volatile write. Threads that wait are not woken by it.
     *
     * @throws java.nio.ReadOnlyBufferException if the region may only be read
     */
    public void set(int value) {
        INT.setVolatile(bytes, offset, value);
    }

    /** Wakes all threads of all processes that wait for this word. */
    public void wakeAll() {
        long address = region.pin();
        try {
            calls.wakeAll(address + offset);
        } finally {
            region.unpin();
        }
    }

    /**
     * Waits while the word has a value. Returns when it has another, is woken, the time is over, the word was {@linkplain
     * #cancel cancelled}, or for no reason: look again.
     *
     * @param nanos at most how long; {@link #NO_LIMIT} for any time
     * @throws InterruptedException if the thread is interrupted before or in the wait
     * @throws IllegalStateException if another thread waits by this object
     */
    public void await(int value, long nanos) throws InterruptedException {
        long address = region.pin();
        try {
            hook.enter();
            try {
                begin();
                // Looked at after "waiting" is set, so that who cancels or interrupts sees the one, or is seen here.
                if (!cancelled && !Thread.currentThread().isInterrupted() && nanos > 0) {
                    calls.await(address + offset, value, nanos);
                }
            } finally {
                waiting = false;
                hook.leave();
            }
        } finally {
            region.unpin();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while waiting for a shared word");
        }
    }

    private synchronized void begin() {
        if (waiting) {
            throw new IllegalStateException("another thread waits for this word");
        }
        waiting = true;
    }

    /** As {@link #await(int, long)} for a duration. */
    public void await(int value, Duration limit) throws InterruptedException {
        boolean forever = limit.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0;
        await(value, forever ? NO_LIMIT : limit.toNanos());
    }

    /** Ends the wait by this object, and each later one at once, whatever the word's value. */
    public void cancel() {
        cancelled = true;
        wakeWaiter();
    }

    /** Wakes until the thread has left: it may be about to wait, and would then sleep on after a single wake-up. */
    private void wakeWaiter() {
        while (waiting) {
            wakeAll();
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }
}
