/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import java.util.Optional;

/**
 * A right to send to a port: one of the user references that its name counts.
 *
 * <p>When the port dies the right becomes a dead name: {@link #isDead} is true, sends fail with
 * {@link io.machframe.core.error.DeadPortException}, and it is still closed as before, {@code mach_port_deallocate}.
 */
public final class SendRight extends PortRight {
    SendRight(Task task, int name) {
        super(task, name, "send right", (owner, right) -> owner.calls().deallocate(right));
    }

    /**
     * Returns one more reference to the same port, {@code mach_port_mod_refs}; a dead right's copy is dead too.
     *
     * <p>A name counts at most 65535 references. From there on it stays at that count: copies and closes succeed and
     * change nothing, and the port has a sender until the process ends.
     */
    public SendRight copy() throws MachException {
        int name = pin();
        try {
            int code = task().calls().modRefs(name, Mach.MACH_PORT_RIGHT_SEND, 1);
            if (code == KernReturn.KERN_INVALID_RIGHT) {
                code = task().calls().modRefs(name, Mach.MACH_PORT_RIGHT_DEAD_NAME, 1);
            }
            KernReturn.check("mach_port_mod_refs", code);
            return new SendRight(task(), name);
        } finally {
            unpin();
        }
    }

    /** Returns whether the port died, {@code mach_port_type}. It may die the moment after. */
    public boolean isDead() {
        return isDeadName();
    }

    /**
     * Asks to be told when the port dies, {@code MACH_NOTIFY_DEAD_NAME}: once. If all rights under this name are released
     * before, that is told instead.
     *
     * @param to where the notification is received
     * @return the right that an earlier request, now replaced, would have used; closing it tells its port
     * @throws MachException {@code KERN_INVALID_ARGUMENT} if the port is dead already
     */
    public Optional<SendOnceRight> requestDeadName(ReceiveRight to) throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_DEAD_NAME, 0, to);
    }

    /**
     * Asks to be told when the port's queue has room, {@code MACH_NOTIFY_SEND_POSSIBLE}: once, at once if it has; or
     * when the port dies. It takes the place of {@link #requestDeadName}.
     */
    public Optional<SendOnceRight> requestSendPossible(ReceiveRight to) throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_SEND_POSSIBLE, 1, to);
    }

    /**
     * Asks to be told when the port's queue has room after a send found it full, {@code MACH_NOTIFY_SEND_POSSIBLE}: once,
     * and not before {@code OutgoingMessage.trySendTo} was refused; or when the port dies. It
     * takes the place of {@link #requestDeadName}.
     */
    public Optional<SendOnceRight> requestSendPossibleAfterRefusal(ReceiveRight to) throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_SEND_POSSIBLE, 0, to);
    }

    /** Returns how many references this process holds under this name, live or dead, {@code mach_port_get_refs}. */
    public int references() throws MachException {
        int[] live = new int[1];
        int[] dead = new int[1];
        int name = pin();
        try {
            KernReturn.check("mach_port_get_refs", task().calls().getRefs(name, Mach.MACH_PORT_RIGHT_SEND, live));
            KernReturn.check("mach_port_get_refs", task().calls().getRefs(name, Mach.MACH_PORT_RIGHT_DEAD_NAME, dead));
        } finally {
            unpin();
        }
        return live[0] > 0 ? live[0] : dead[0];
    }
}
