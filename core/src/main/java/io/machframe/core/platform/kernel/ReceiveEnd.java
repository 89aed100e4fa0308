/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

/** The one receiving end of a port: its queue. Closing it kills the port. Safe from any thread. */
public interface ReceiveEnd extends PortEnd {
    /** {@inheritDoc} Never null. */
    @Override
    Object identity();

    SendEnd makeSend() throws KernelException;

    SendEnd makeSendOnce() throws KernelException;

    /** Takes a send-once right back that was made here and that nobody got; no notice is due. Closes it. */
    void unmake(SendEnd sendOnce);

    int queueLimit();

    /** Changes how many messages the queue takes; fewer than are queued now drops none. */
    void queueLimit(int limit);

    /** Returns how many messages wait in the queue, as far as senders that are just sending let it be known. */
    int queued();

    /** Returns how many send-once rights were made and not used, as far as the receiver can know. */
    int sendOnceRights();

    /** Returns the sequence number that the next message gets. */
    int nextSequence();

    /** Sets the sequence number that the next message gets. */
    void nextSequence(int number);

    /** Returns whether a send right to the port exists, in any process or in flight. */
    boolean hasSenders();

    /**
     * Takes the first message of the queue into {@code parcel}.
     *
     * @param limit the most bytes the message may have
     * @param keepLarge whether a larger one stays queued; else it is destroyed
     * @param timeoutMillis how long to wait; negative indefinitely
     * @param interruptible whether {@link Thread#interrupt} ends the wait
     * @return a {@code mach_msg} receive code; with {@code MACH_RCV_TOO_LARGE} the parcel's size says what is needed
     */
    int receive(Parcel parcel, int limit, boolean keepLarge, int timeoutMillis, boolean interruptible);

    /** Returns what is to be told of this port; it belongs to the right and travels with it. */
    PortRequests requests();

    /**
     * The right leaves its task: threads that wait here are told {@code MACH_RCV_PORT_CHANGED}, and so is who comes
     * later.
     */
    void detach();

    /** The right belongs to a task, which may receive. */
    void attach();

    /** Destroys the queue with all that is in it, and wakes the threads that wait on it. Idempotent. */
    @Override
    void close();
}
