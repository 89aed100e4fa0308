/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.platform.Mach;

/**
 * A right to send one message: the usual right to reply through. The send spends it, and never waits for room in the
 * queue.
 */
public final class SendOnceRight extends PortRight {
    private SendOnceRight(Task task, int name) {
        super(task, name, "send-once right", (owner, right) -> owner.calls().deallocate(right));
    }

    /** Takes over a send-once right that is known by its raw name. Throws on the null and the dead name. */
    public static SendOnceRight adopt(Task task, int name) {
        if (name == Mach.MACH_PORT_NULL || name == Mach.MACH_PORT_DEAD) {
            throw new IllegalArgumentException("no right goes by the name " + new PortName(name));
        }
        return new SendOnceRight(task, name);
    }
}
