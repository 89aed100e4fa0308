/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.platform.Mach;
import java.util.EnumSet;
import java.util.Set;

/** What a name can stand for, {@code mach_port_right_t}. One name holds the send and the receive right to a port. */
public enum RightType {
    SEND(Mach.MACH_PORT_RIGHT_SEND),
    RECEIVE(Mach.MACH_PORT_RIGHT_RECEIVE),
    SEND_ONCE(Mach.MACH_PORT_RIGHT_SEND_ONCE),
    PORT_SET(Mach.MACH_PORT_RIGHT_PORT_SET),
    /** References to a port that died. */
    DEAD_NAME(Mach.MACH_PORT_RIGHT_DEAD_NAME);

    /** Where the bit of right 0 stands in a {@code mach_port_type_t}. */
    private static final int FIRST_BIT = 16;

    private final int number;

    RightType(int number) {
        this.number = number;
    }

    /** Decodes a {@code mach_port_type_t}. */
    static Set<RightType> of(int bits) {
        Set<RightType> types = EnumSet.noneOf(RightType.class);
        for (RightType type : values()) {
            if ((bits & 1 << (FIRST_BIT + type.number)) != 0) {
                types.add(type);
            }
        }
        return types;
    }
}
