/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

/**
 * One holder's end of a port, through which it can send. Counted: each {@link #retain} needs its own {@link #close},
 * so an end in use by one thread outlives its release by another. Safe from any thread.
 */
public interface SendEnd extends PortEnd {
    /** Returns whether the port died. Looks at the port each time. */
    boolean isDead();

    /** Returns whether the queue has room for a message now. */
    boolean hasRoom();

    /**
     * This send-once end is registered for a notification: who sends through it may speak as a kernel. An end that
     * this task's own process vouches for anyhow has nothing to do.
     */
    default void registered() {}

    SendEnd retain();

    /**
     * Puts a message in the port's queue.
     *
     * <p>The parcel keeps its rights; the port gets its own references to them.
     *
     * @param timeoutMillis how long to wait for room; negative indefinitely
     * @param interruptible whether {@link Thread#interrupt} ends the wait
     * @return a {@code mach_msg} send code; {@code MACH_SEND_INVALID_DEST} if the port was dead before any wait
     */
    int send(Parcel parcel, int timeoutMillis, boolean interruptible);
}
