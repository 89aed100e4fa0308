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

    /**
     * Takes over a receive right that is known by its raw name, such as one that the bootstrap server gave.
     *
     * @param guard the value it is guarded with, 0 for none
     */
    public static ReceiveRight adopt(Task task, int name, long guard) {
        return new ReceiveRight(task, name, guard);
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
            return SendRight.adopt(task(), name);
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
            return SendOnceRight.adopt(task(), out[0]);
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
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_NO_SENDERS, 0, to);
    }

    /** Takes {@link #requestNoSenders} back and returns the right it would have used. */
    public Optional<SendOnceRight> cancelNoSenders() throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_NO_SENDERS, 0, null);
    }

    /**
     * Asks that this right be handed over, with the messages in its queue, instead of dying when it is closed,
     * {@code MACH_NOTIFY_PORT_DESTROYED}. It cannot be taken back. On Linux the port dies all the same if the process is
     * killed; the receiver of {@code to} is then told that its send-once right is gone.
     *
     * @throws MachException {@code KERN_FAILURE} if that was asked before
     */
    public void requestPortDestroyed(ReceiveRight to) throws MachException {
        NotificationRequest.make(this, Mach.MACH_NOTIFY_PORT_DESTROYED, 0, to);
    }

    /** Takes the guard away, so that the right can leave this task; spends this object. */
    public int relinquishUnguarded() throws MachException {
        int name = relinquish();
        if (guard != 0) {
            KernReturn.check("mach_port_unguard", task().calls().unguard(name, guard));
        }
        return name;
    }

    @Override
    public int receiveName() {
        return requireOpen();
    }

    /** Returns how many messages the queue takes, {@code MACH_PORT_LIMITS_INFO}. */
    public int queueLimit() throws MachException {
        int[] info = new int[Mach.MACH_PORT_LIMITS_INFO_COUNT];
        int name = pin();
        try {
            int code = task().calls().getAttributes(name, Mach.MACH_PORT_LIMITS_INFO, info);
            KernReturn.check("mach_port_get_attributes", code);
            return info[0];
        } finally {
            unpin();
        }
    }

    /**
     * Changes how many messages the queue takes; lowering it drops none.
     *
     * @param limit 0 to 1024
     */
    public void setQueueLimit(int limit) throws MachException {
        if (limit < 0 || limit > Mach.MACH_PORT_QLIMIT_MAX) {
            throw new IllegalArgumentException("a queue takes 0 to 1024 messages, not " + limit);
        }
        int name = pin();
        try {
            int code = task().calls().setAttributes(name, Mach.MACH_PORT_LIMITS_INFO, new int[] {limit});
            KernReturn.check("mach_port_set_attributes", code);
        } finally {
            unpin();
        }
    }

    /** Returns what is known of the port and its queue, {@code MACH_PORT_RECEIVE_STATUS}. */
    public PortStatus status() throws MachException {
        int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];
        int name = pin();
        try {
            int code = task().calls().getAttributes(name, Mach.MACH_PORT_RECEIVE_STATUS, info);
            KernReturn.check("mach_port_get_attributes", code);
            return new PortStatus(info[2], info[3], info[4], info[6] != 0);
        } finally {
            unpin();
        }
    }
}
