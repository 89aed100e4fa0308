/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/**
 * Waiting for a 32-bit word of memory to change, in whichever process it is changed: what {@link
 * PlatformCapability#SHARED_WORDS} promises. Addresses are multiples of 4 in a mapping that processes share; reading
 * access to it is enough for all calls. Thread-safe.
 */
public interface WordCalls {
    /** What {@link #await} takes for a wait without a limit. */
    long NO_LIMIT = Long.MAX_VALUE;

    /**
     * Waits while the word has a value: {@code FUTEX_WAIT}, {@code os_sync_wait_on_address}. Returns when it has
     * another value at the time of the call, when the word is woken, when the time is over, or for no reason.
     *
     * @param nanos at most how long, {@link #NO_LIMIT} for any time
     */
    void await(long address, int value, long nanos);

    /** Wakes all threads of all processes that wait for the word: {@code FUTEX_WAKE}, {@code os_sync_wake_by_address_all}. */
    void wakeAll(long address);
}
