/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import java.util.Optional;

/**
 * A right to send one message: the usual right to reply through. The send spends it, and never waits for room in the
 * queue.
 */
public final class SendOnceRight extends PortRight {
    SendOnceRight(Task task, int name) {
        super(task, name, "send-once right", (owner, right) -> owner.calls().deallocate(right));
    }

    /** Returns whether the port died, {@code mach_port_type}. It may die the moment after. */
    public boolean isDead() {
        return isDeadName();
    }

    /** Asks to be told when the port dies, as {@link SendRight#requestDeadName}. */
    public Optional<SendOnceRight> requestDeadName(ReceiveRight to) throws MachException {
        return NotificationRequest.make(this, Mach.MACH_NOTIFY_DEAD_NAME, 0, to);
    }
}
