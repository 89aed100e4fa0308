/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.Mach;

/** What stands at a place of a received message. */
public enum RightKind {
    /** The sender put no right there, or it was taken. */
    NULL,
    /** A right whose port died before it was received; there is nothing to take or release. */
    DEAD,
    SEND,
    SEND_ONCE,
    RECEIVE,
    /** Memory out of line: {@link MachMessage#takeMemory}. */
    MEMORY,
    /** Rights out of line: {@link MachMessage#takeRights}. */
    RIGHTS;

    static RightKind of(int name, int disposition) {
        if (name == Mach.MACH_PORT_NULL) {
            return NULL;
        }
        if (name == Mach.MACH_PORT_DEAD) {
            return DEAD;
        }
        return switch (disposition) {
            case Mach.MACH_MSG_TYPE_PORT_SEND -> SEND;
            case Mach.MACH_MSG_TYPE_PORT_SEND_ONCE -> SEND_ONCE;
            default -> RECEIVE;
        };
    }
}
