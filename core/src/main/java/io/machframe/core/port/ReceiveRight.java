/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import java.util.Optional;

/**
 * The one right to receive from a port: it owns the port and its queue, and makes the rights that others send with.
 *
 * <p>Closing it kills the port. Queued messages are destroyed with the rights in them, send rights anywhere become dead
 * names, and a thread that waits for a message here gets a {@link io.machframe.core.error.PortClosedException} at once.
 */
public final class ReceiveRight extends PortRight implements MessageSource {
    private final long guard;

    ReceiveRight(Task task, int name, long guard) {
        super(task, name, "receive right", (owner, right) -> owner.calls().destruct(right, 0, guard));
        this.guard = guard;
    }

    /** Takes ownership of a receive right that is guarded with a value, 0 for none. */
    static ReceiveRight adopt(Task task, int name, long guard) {
        requireName(name);
        if (guard != 0) {
            requireGuard(task, name, guard);
        }
        return new ReceiveRight(task, name, guard);
    }

    /** A strict guard reads as 0 and is believed. */
    private static void requireGuard(Task task, int name, long guard) {
        long[] context = new long[1];
        int code = task.calls().getContext(name, context);
        if (code != KernReturn.KERN_SUCCESS || (context[0] != 0 && context[0] != guard)) {
            throw new IllegalArgumentException(
                    new PortName(name) + " is no receive right with the guard 0x" + Long.toHexString(guard));
        }
    }

    /** Returns the value that a holder of the raw name needs to destroy the port ({@code mach_port_destruct}). */
    public long guard() {
        return guard;
    }

    /**
     * Makes a send right, {@code mach_port_insert_right} with {@code MACH_MSG_TYPE_MAKE_SEND}. It has the same name as
     * this right.
     */
    public SendRight makeSend() throws MachException {
        int name = pin();
        try {
            int code = task().calls().insertRight(name, name, Mach.MACH_MSG_TYPE_MAKE_SEND);
            KernReturn.check("mach_port_insert_right", code);
            return new SendRight(task(), name);
        } finally {
            unpin();
        }
    }

    /**
     * Makes a right to send one message, {@code mach_port_extract_right} with {@code MACH_MSG_TYPE_MAKE_SEND_ONCE}. It
     * has a name of its own.
     */
    public SendOnceRight makeSendOnce() throws MachException {
        int[] out = new int[2];
        int name = pin();
        try {
            int code = task().calls().extractRight(name, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, out);
            KernReturn.check("mach_port_extract_right", code);
            return new SendOnceRight(task(), out[0]);
        } finally {
            unpin();
        }
    }

    /**
     * Asks to be told when the last send right is gone, {@code MACH_NOTIFY_NO_SENDERS}: once, at once if there is none
     * now. Send-once rights do not count; a message in the queue counts as long as it is there. The request goes where
     * this right goes.
     *
     * @param to where the notification is received
     * @return the right that an earlier request, now replaced, would have used; closing it tells its port
     */
    public Optional<SendOnceRight> requestNoSenders(ReceiveRight to) throws MachException {
        return requestNoSenders(to, 0);
    }

    /**
     * As {@link #requestNoSenders(ReceiveRight)}, but not at once if fewer send rights were made than {@code count}: for
     * who knows of a right that is about to be made, and wants to be told when that is gone.
     *
     * @param count the sync value of {@code mach_port_request_notification}, an unsigned number, which is compared with
     *     {@link PortStatus#makeSendCount}
     */
    public Optional<SendOnceRight> requestNoSenders(ReceiveRight to, int count) throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_NO_SENDERS, count, to);
    }

    /** Takes {@link #requestNoSenders} back and returns the right it would have used. */
    public Optional<SendOnceRight> cancelNoSenders() throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_NO_SENDERS, 0, null);
    }

    /**
     * Asks that this right be handed over, with the messages in its queue, instead of dying when it is closed,
     * {@code MACH_NOTIFY_PORT_DESTROYED}; so it is too if a message is destroyed that it is in. It cannot be taken back. On
     * Linux, if the process that holds this right then is killed, or a message that nobody received, it comes back only to
     * a process that asked for it while it had it, with {@code to} its own, and moved it away after that; else the port
     * dies, and the receiver of {@code to} is told that its send-once right is gone.
     *
     * @throws MachException {@code KERN_FAILURE} if that was asked before
     */
    public void requestPortDestroyed(ReceiveRight to) throws MachException {
        NotificationRequest.make(this, Mach.MACH_NOTIFY_PORT_DESTROYED, 0, to);
    }

    /** Takes the name out and the guard away, so that the right can leave this task; spends this object. */
    int relinquishUnguarded() throws MachException {
        int name = relinquish();
        if (guard != 0) {
            KernReturn.check("mach_port_unguard", task().calls().unguard(name, guard));
        }
        return name;
    }

    /** Returns how many messages the queue takes, {@code MACH_PORT_LIMITS_INFO}. */
    public int queueLimit() throws MachException {
        int[] info = new int[Mach.MACH_PORT_LIMITS_INFO_COUNT];
        with("mach_port_get_attributes", name -> task().calls().getAttributes(name, Mach.MACH_PORT_LIMITS_INFO, info));
        return info[0];
    }

    /**
     * Changes how many messages the queue takes; lowering it drops none.
     *
     * @param limit 0 to 1024
     */
    public void setQueueLimit(int limit) throws MachException {
        PortOptions.requireQueueLimit(limit);
        int[] info = {limit};
        with("mach_port_set_attributes", name -> task().calls().setAttributes(name, Mach.MACH_PORT_LIMITS_INFO, info));
    }

    /** Returns what is known of the port and its queue, {@code MACH_PORT_RECEIVE_STATUS}. */
    public PortStatus status() throws MachException {
        int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];
        with("mach_port_get_attributes", name -> task().calls()
                .getAttributes(name, Mach.MACH_PORT_RECEIVE_STATUS, info));
        return PortStatus.of(info);
    }

    /**
     * Sets how many send rights count as made, {@code mach_port_set_mscount}: a no-senders request tells this count, so a
     * server can tell a late notice from one that counts a right it gave out since.
     *
     * @param count an unsigned number
     */
    public void setMakeSendCount(int count) throws MachException {
        with("mach_port_set_mscount", name -> task().calls().setMakeSendCount(name, count));
    }

    /** Sets the number that the next message received will have, {@code mach_port_set_seqno}. */
    public void setSequenceNumber(int number) throws MachException {
        with("mach_port_set_seqno", name -> task().calls().setSequenceNumber(name, number));
    }

    /**
     * Returns the word that comes with each message received here, {@code mach_port_get_context}: the context, or the
     * guard of a guarded right, or 0 if the guard is a strict one.
     */
    public long context() throws MachException {
        long[] context = new long[1];
        with("mach_port_get_context", name -> task().calls().getContext(name, context));
        return context[0];
    }

    /**
     * Changes the context, {@code mach_port_set_context}.
     *
     * @throws IllegalStateException if the right is guarded: the word is its guard
     */
    public void setContext(long context) throws MachException {
        requireOpen();
        if (guard != 0) {
            throw new IllegalStateException(this + " is guarded and so has no context");
        }
        with("mach_port_set_context", name -> task().calls().setContext(name, context));
    }

    /**
     * Kills the port and releases send rights to it in one call, {@code mach_port_destruct}, so that they are never dead
     * names in between. Spends this object and those given.
     *
     * @param rights open send rights of the same name
     * @throws IllegalArgumentException if one is to another port; then nothing is changed
     * @throws IllegalStateException if this right, or one of those, is closed, moved or in use by another thread
     */
    public void destruct(SendRight... rights) throws MachException {
        for (SendRight right : rights) {
            if (!isToSamePortAs(right)) {
                throw new IllegalArgumentException(right + " is not to the port of " + this);
            }
        }
        int taken = 0;
        try {
            for (SendRight right : rights) {
                right.relinquish();
                taken++;
            }
            int name = relinquish();
            int code = task().calls().destruct(name, -taken, guard);
            if (code != KernReturn.KERN_SUCCESS) { // a count at its maximum is not counted down
                task().calls().destruct(name, 0, guard);
                throw MachException.of("mach_port_destruct", new KernReturn(code));
            }
            taken = 0;
        } finally {
            for (int i = 0; i < taken; i++) {
                task().calls().deallocate(name().value());
            }
        }
    }

    private interface Call {
        int run(int name);
    }

    private void with(String function, Call call) throws MachException {
        int name = pin();
        try {
            KernReturn.check(function, call.run(name));
        } finally {
            unpin();
        }
    }
}
