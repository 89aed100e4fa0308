/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/** The numbers of the Mach interface that cross the seam, under their C names. {@code mach/port.h, mach/message.h}. */
public final class Mach {
    public static final int MACH_PORT_NULL = 0;
    public static final int MACH_PORT_DEAD = -1;

    public static final int MACH_PORT_RIGHT_SEND = 0;
    public static final int MACH_PORT_RIGHT_RECEIVE = 1;
    public static final int MACH_PORT_RIGHT_SEND_ONCE = 2;
    public static final int MACH_PORT_RIGHT_PORT_SET = 3;
    public static final int MACH_PORT_RIGHT_DEAD_NAME = 4;
    public static final int MACH_PORT_RIGHT_NUMBER = 6;

    public static final int MACH_PORT_TYPE_SEND = 1 << (16 + MACH_PORT_RIGHT_SEND);
    public static final int MACH_PORT_TYPE_RECEIVE = 1 << (16 + MACH_PORT_RIGHT_RECEIVE);
    public static final int MACH_PORT_TYPE_SEND_ONCE = 1 << (16 + MACH_PORT_RIGHT_SEND_ONCE);
    public static final int MACH_PORT_TYPE_PORT_SET = 1 << (16 + MACH_PORT_RIGHT_PORT_SET);
    public static final int MACH_PORT_TYPE_DEAD_NAME = 1 << (16 + MACH_PORT_RIGHT_DEAD_NAME);

    /** Set beside the type of a name for which a dead-name notification is requested. */
    public static final int MACH_PORT_TYPE_DNREQUEST = 0x80000000;

    /** The most user references a name can have; a count that would go above stays here. */
    public static final int MACH_PORT_UREFS_MAX = 65535;

    public static final int MACH_PORT_QLIMIT_DEFAULT = 5;
    public static final int MACH_PORT_QLIMIT_MAX = 1024;

    /** Flavors of {@link MachCalls#getAttributes}. */
    public static final int MACH_PORT_LIMITS_INFO = 1;

    public static final int MACH_PORT_RECEIVE_STATUS = 2;

    /** Length in ints of the two flavors. */
    public static final int MACH_PORT_LIMITS_INFO_COUNT = 1;

    public static final int MACH_PORT_RECEIVE_STATUS_COUNT = 10;

    /** Flags of {@code mach_port_options_t}. */
    public static final int MPO_CONTEXT_AS_GUARD = 0x1;

    public static final int MPO_QLIMIT = 0x2;
    public static final int MPO_INSERT_SEND_RIGHT = 0x10;
    public static final int MPO_STRICT = 0x20;

    /** Flags in a receive right's status. */
    public static final int MACH_PORT_STATUS_FLAG_GUARDED = 0x2;

    public static final int MACH_PORT_STATUS_FLAG_STRICT_GUARD = 0x4;

    public static final int MACH_MSG_TYPE_MOVE_RECEIVE = 16;
    public static final int MACH_MSG_TYPE_MOVE_SEND = 17;
    public static final int MACH_MSG_TYPE_MOVE_SEND_ONCE = 18;
    public static final int MACH_MSG_TYPE_COPY_SEND = 19;
    public static final int MACH_MSG_TYPE_MAKE_SEND = 20;
    public static final int MACH_MSG_TYPE_MAKE_SEND_ONCE = 21;

    /** What a receiver sees: the same numbers as the MOVE dispositions. */
    public static final int MACH_MSG_TYPE_PORT_RECEIVE = MACH_MSG_TYPE_MOVE_RECEIVE;

    public static final int MACH_MSG_TYPE_PORT_SEND = MACH_MSG_TYPE_MOVE_SEND;

    public static final int MACH_MSG_TYPE_PORT_SEND_ONCE = MACH_MSG_TYPE_MOVE_SEND_ONCE;

    public static final int MACH_SEND_MSG = 0x1;
    public static final int MACH_RCV_MSG = 0x2;
    public static final int MACH_RCV_LARGE = 0x4;
    public static final int MACH_RCV_LARGE_IDENTITY = 0x8;
    public static final int MACH_SEND_TIMEOUT = 0x10;
    public static final int MACH_SEND_INTERRUPT = 0x40;
    public static final int MACH_SEND_NOTIFY = 0x80;
    public static final int MACH_RCV_TIMEOUT = 0x100;
    public static final int MACH_RCV_INTERRUPT = 0x400;

    /** Option bits that ask for a trailer up to the sender's audit token. */
    public static final int MACH_RCV_TRAILER_AUDIT_BITS = 3 << 24;

    /** Option bits that ask for a trailer up to the receive right's context. */
    public static final int MACH_RCV_TRAILER_CTX_BITS = 4 << 24;

    /** How memory is to be copied; the receiver sees the same either way. */
    public static final int MACH_MSG_PHYSICAL_COPY = 0;

    public static final int MACH_MSG_VIRTUAL_COPY = 1;

    /** What may be done with memory. */
    public static final int VM_PROT_READ = 1;

    public static final int VM_PROT_WRITE = 2;

    /** Beside the code of a receive: there was no room in the task's memory. */
    public static final int MACH_MSG_VM_SPACE = 0x1000;

    /** Ids of the messages that tell of a port's fate; {@code mach/notify.h}. */
    public static final int MACH_NOTIFY_PORT_DELETED = 65;

    public static final int MACH_NOTIFY_SEND_POSSIBLE = 66;
    public static final int MACH_NOTIFY_PORT_DESTROYED = 69;
    public static final int MACH_NOTIFY_NO_SENDERS = 70;
    public static final int MACH_NOTIFY_SEND_ONCE = 71;
    public static final int MACH_NOTIFY_DEAD_NAME = 72;

    private Mach() {}

    /** Returns whether a name is one of the two constants that denote no right. */
    public static boolean isNullOrDead(int name) {
        return name == MACH_PORT_NULL || name == MACH_PORT_DEAD;
    }

    /** Returns whether a disposition moves a right, which is also how a receiver sees it. */
    public static boolean isMove(int disposition) {
        return disposition >= MACH_MSG_TYPE_MOVE_RECEIVE && disposition <= MACH_MSG_TYPE_MOVE_SEND_ONCE;
    }
}
