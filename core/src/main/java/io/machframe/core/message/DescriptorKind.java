/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;

/** What a descriptor of a received message, an element of an array of rights, or the reply right of a message holds. */
public enum DescriptorKind {
    /** The sender put no right there, or it was taken. */
    NULL,
    /** A right whose port died before it was received; there is nothing to take or release. */
    DEAD,
    SEND,
    SEND_ONCE,
    RECEIVE,
    /** Memory out of line: {@link ReceivedMessage#takeMemory}. */
    MEMORY,
    /** Rights out of line: {@link ReceivedMessage#takeRights}. */
    RIGHTS;

    static DescriptorKind of(DescriptorCursor descriptor) {
        if (descriptor.isPort()) {
            return of(descriptor.name(), descriptor.disposition());
        }
        return descriptor.isMemory() ? MEMORY : RIGHTS;
    }

    static DescriptorKind of(int name, int disposition) {
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
