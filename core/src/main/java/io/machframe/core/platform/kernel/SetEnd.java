/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

/** Where the messages of several ports are received. Safe from any thread. */
public interface SetEnd {
    /** Adds a port; it may be in other sets too. */
    void add(ReceiveEnd member) throws KernelException;

    void remove(ReceiveEnd member);

    /**
     * Takes the first message of a member's queue, of each member in turn; the parcel tells which
     * ({@link Parcel#receiver}). Otherwise as {@link ReceiveEnd#receive}.
     */
    int receive(Parcel parcel, int limit, boolean keepLarge, int timeoutMillis, boolean interruptible);

    /** Lets the members go, and wakes the threads that wait here. Idempotent. */
    void close();
}
