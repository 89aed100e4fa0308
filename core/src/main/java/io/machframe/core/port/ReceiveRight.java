/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;

/**
 * The one right to receive from a port: it owns the port and its queue, and makes the rights that others send with.
 *
 * <p>Closing it kills the port. Queued messages are destroyed with the rights in them, send rights anywhere become dead
 * names, and a thread that waits for a message here gets a {@link io.machframe.core.error.PortClosedException} at once.
 */
public final class ReceiveRight extends PortRight {
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
     * Returns the name to receive with. It is not pinned, because closing this right has to end a receive; names are
     * not used again soon, so a late one meets nothing.
     *
     * @throws IllegalStateException if the right was closed or moved
     */
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
