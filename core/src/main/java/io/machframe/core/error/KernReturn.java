/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code kern_return_t}, decoded: the one place where a code of the Mach interface gets its name and meaning.
 *
 * <p>Codes of all subsystems a caller of this library can meet share one number space, as they do in C: kernel calls
 * ({@code KERN_}), the two halves of {@code mach_msg} ({@code MACH_SEND_}, {@code MACH_RCV_}), the bootstrap server
 * ({@code BOOTSTRAP_}) and, for surfaces, {@code kIOReturn}. The special bits that {@code mach_msg} adds to
 * {@code MACH_RCV_HEADER_ERROR} and {@code MACH_RCV_BODY_ERROR} are not part of the name.
 *
 * @param code the number as the C interface gives it
 */
public record KernReturn(int code) {
    public static final int KERN_SUCCESS = 0;
    public static final int KERN_INVALID_ADDRESS = 1;
    public static final int KERN_PROTECTION_FAILURE = 2;
    public static final int KERN_NO_SPACE = 3;
    public static final int KERN_INVALID_ARGUMENT = 4;
    public static final int KERN_FAILURE = 5;
    public static final int KERN_RESOURCE_SHORTAGE = 6;
    public static final int KERN_NO_ACCESS = 8;
    public static final int KERN_ALREADY_IN_SET = 11;
    public static final int KERN_NOT_IN_SET = 12;
    public static final int KERN_NAME_EXISTS = 13;
    public static final int KERN_ABORTED = 14;
    public static final int KERN_INVALID_NAME = 15;
    public static final int KERN_INVALID_TASK = 16;
    public static final int KERN_INVALID_RIGHT = 17;
    public static final int KERN_INVALID_VALUE = 18;
    public static final int KERN_UREFS_OVERFLOW = 19;
    public static final int KERN_INVALID_CAPABILITY = 20;
    public static final int KERN_RIGHT_EXISTS = 21;
    public static final int KERN_NOT_SUPPORTED = 46;
    public static final int KERN_DENIED = 53;

    public static final int MACH_SEND_INVALID_DATA = 0x10000002;
    public static final int MACH_SEND_INVALID_DEST = 0x10000003;
    public static final int MACH_SEND_TIMED_OUT = 0x10000004;
    public static final int MACH_SEND_INVALID_VOUCHER = 0x10000005;
    public static final int MACH_SEND_INTERRUPTED = 0x10000007;
    public static final int MACH_SEND_MSG_TOO_SMALL = 0x10000008;
    public static final int MACH_SEND_INVALID_REPLY = 0x10000009;
    public static final int MACH_SEND_INVALID_RIGHT = 0x1000000a;
    public static final int MACH_SEND_INVALID_MEMORY = 0x1000000c;
    public static final int MACH_SEND_NO_BUFFER = 0x1000000d;
    public static final int MACH_SEND_TOO_LARGE = 0x1000000e;
    public static final int MACH_SEND_INVALID_TYPE = 0x1000000f;
    public static final int MACH_SEND_INVALID_HEADER = 0x10000010;

    public static final int MACH_RCV_INVALID_NAME = 0x10004002;
    public static final int MACH_RCV_TIMED_OUT = 0x10004003;
    public static final int MACH_RCV_TOO_LARGE = 0x10004004;
    public static final int MACH_RCV_INTERRUPTED = 0x10004005;
    public static final int MACH_RCV_PORT_CHANGED = 0x10004006;
    public static final int MACH_RCV_INVALID_DATA = 0x10004008;
    public static final int MACH_RCV_PORT_DIED = 0x10004009;
    public static final int MACH_RCV_HEADER_ERROR = 0x1000400b;
    public static final int MACH_RCV_BODY_ERROR = 0x1000400c;
    public static final int MACH_RCV_INVALID_TRAILER = 0x1000400f;

    public static final int BOOTSTRAP_NOT_PRIVILEGED = 1100;
    public static final int BOOTSTRAP_NAME_IN_USE = 1101;
    public static final int BOOTSTRAP_UNKNOWN_SERVICE = 1102;
    public static final int BOOTSTRAP_SERVICE_ACTIVE = 1103;
    public static final int BOOTSTRAP_NO_MEMORY = 1105;

    /** What a call answers that the kernel does not have. */
    public static final int MIG_BAD_ID = -303;

    /** {@code kIOReturnCannotLock}: a surface lock would have needed a synchronisation that AvoidSync forbids. */
    public static final int IO_RETURN_CANNOT_LOCK = 0xe00002cc;

    /** Why {@code MACH_RCV_HEADER_ERROR} or {@code MACH_RCV_BODY_ERROR}: no room for names or memory, here or in the kernel. */
    private static final int SPECIAL_BITS = 0x3c00;

    private static final int RECEIVE_CODES = 0x10004000;

    private record Meaning(String name, String text) {}

    private static final Map<Integer, Meaning> MEANINGS = new TreeMap<>();

    static {
        name(KERN_SUCCESS, "KERN_SUCCESS", "success");
        name(KERN_INVALID_ADDRESS, "KERN_INVALID_ADDRESS", "the address is not valid");
        name(KERN_PROTECTION_FAILURE, "KERN_PROTECTION_FAILURE", "the memory does not allow that access");
        name(KERN_NO_SPACE, "KERN_NO_SPACE", "no room left for another right or another page");
        name(KERN_INVALID_ARGUMENT, "KERN_INVALID_ARGUMENT", "an argument is not valid");
        name(KERN_FAILURE, "KERN_FAILURE", "the call failed");
        name(KERN_RESOURCE_SHORTAGE, "KERN_RESOURCE_SHORTAGE", "the system is short of memory or descriptors");
        name(KERN_NO_ACCESS, "KERN_NO_ACCESS", "access is not allowed");
        name(KERN_ALREADY_IN_SET, "KERN_ALREADY_IN_SET", "the port is a member of that set already");
        name(KERN_NOT_IN_SET, "KERN_NOT_IN_SET", "the port is not a member of that set");
        name(KERN_NAME_EXISTS, "KERN_NAME_EXISTS", "the name denotes another right");
        name(KERN_ABORTED, "KERN_ABORTED", "the call was interrupted");
        name(KERN_INVALID_NAME, "KERN_INVALID_NAME", "the name denotes no right");
        name(KERN_INVALID_TASK, "KERN_INVALID_TASK", "the task is not alive");
        name(KERN_INVALID_RIGHT, "KERN_INVALID_RIGHT", "the name denotes another kind of right");
        name(KERN_INVALID_VALUE, "KERN_INVALID_VALUE", "a value is out of range");
        name(KERN_UREFS_OVERFLOW, "KERN_UREFS_OVERFLOW", "too many user references");
        name(
                KERN_INVALID_CAPABILITY,
                "KERN_INVALID_CAPABILITY",
                "the right handed in is null, dead or of the wrong kind");
        name(KERN_RIGHT_EXISTS, "KERN_RIGHT_EXISTS", "the task holds a right to this port under another name");
        name(KERN_NOT_SUPPORTED, "KERN_NOT_SUPPORTED", "not supported");
        name(KERN_DENIED, "KERN_DENIED", "denied by policy");
        name(MACH_SEND_INVALID_DATA, "MACH_SEND_INVALID_DATA", "the message cannot be read");
        name(MACH_SEND_INVALID_DEST, "MACH_SEND_INVALID_DEST", "the destination port is dead or no send right");
        name(MACH_SEND_TIMED_OUT, "MACH_SEND_TIMED_OUT", "the queue stayed full for the whole time-out");
        name(MACH_SEND_INVALID_VOUCHER, "MACH_SEND_INVALID_VOUCHER", "the voucher is not valid");
        name(MACH_SEND_INTERRUPTED, "MACH_SEND_INTERRUPTED", "the send was interrupted");
        name(MACH_SEND_MSG_TOO_SMALL, "MACH_SEND_MSG_TOO_SMALL", "the size is no multiple of 4 or less than its parts");
        name(MACH_SEND_INVALID_REPLY, "MACH_SEND_INVALID_REPLY", "the reply right is not what its disposition says");
        name(
                MACH_SEND_INVALID_RIGHT,
                "MACH_SEND_INVALID_RIGHT",
                "a right in the message is not what its disposition says");
        name(MACH_SEND_INVALID_MEMORY, "MACH_SEND_INVALID_MEMORY", "out-of-line memory cannot be read");
        name(MACH_SEND_NO_BUFFER, "MACH_SEND_NO_BUFFER", "the system has no room for the message now");
        name(MACH_SEND_TOO_LARGE, "MACH_SEND_TOO_LARGE", "the message has too many bytes or rights");
        name(MACH_SEND_INVALID_TYPE, "MACH_SEND_INVALID_TYPE", "a descriptor is of no known type");
        name(MACH_SEND_INVALID_HEADER, "MACH_SEND_INVALID_HEADER", "the header has wrong bits");
        name(MACH_RCV_INVALID_NAME, "MACH_RCV_INVALID_NAME", "the name is no receive right or port set");
        name(MACH_RCV_TIMED_OUT, "MACH_RCV_TIMED_OUT", "no message came in time");
        name(MACH_RCV_TOO_LARGE, "MACH_RCV_TOO_LARGE", "the message does not fit the buffer");
        name(MACH_RCV_INTERRUPTED, "MACH_RCV_INTERRUPTED", "the receive was interrupted");
        name(MACH_RCV_PORT_CHANGED, "MACH_RCV_PORT_CHANGED", "the receive right was closed or moved away meanwhile");
        name(MACH_RCV_INVALID_DATA, "MACH_RCV_INVALID_DATA", "the buffer cannot be written");
        name(MACH_RCV_PORT_DIED, "MACH_RCV_PORT_DIED", "the port died meanwhile");
        name(MACH_RCV_HEADER_ERROR, "MACH_RCV_HEADER_ERROR", "no room for a right of the message's header");
        name(MACH_RCV_BODY_ERROR, "MACH_RCV_BODY_ERROR", "no room for a right or memory of the message's body");
        name(MACH_RCV_INVALID_TRAILER, "MACH_RCV_INVALID_TRAILER", "the trailer asked for does not exist");
        name(BOOTSTRAP_NOT_PRIVILEGED, "BOOTSTRAP_NOT_PRIVILEGED", "this process may not use that service name");
        name(BOOTSTRAP_NAME_IN_USE, "BOOTSTRAP_NAME_IN_USE", "the service name is taken");
        name(BOOTSTRAP_UNKNOWN_SERVICE, "BOOTSTRAP_UNKNOWN_SERVICE", "nobody serves that name");
        name(BOOTSTRAP_SERVICE_ACTIVE, "BOOTSTRAP_SERVICE_ACTIVE", "the service name is taken by a live process");
        name(BOOTSTRAP_NO_MEMORY, "BOOTSTRAP_NO_MEMORY", "the bootstrap server is out of memory");
        name(MIG_BAD_ID, "MIG_BAD_ID", "the kernel has no such call");
        name(IO_RETURN_CANNOT_LOCK, "kIOReturnCannotLock", "the surface cannot be locked without synchronisation");
    }

    private static void name(int code, String name, String text) {
        MEANINGS.put(code, new Meaning(name, text));
    }

    /** Returns this code without the special bits that {@code mach_msg} adds to some of its receive codes. */
    public KernReturn withoutSpecialBits() {
        boolean receive = (code & ~(SPECIAL_BITS | 0xff)) == RECEIVE_CODES;
        return receive ? new KernReturn(code & ~SPECIAL_BITS) : this;
    }

    /** Returns the name in C, for example {@code KERN_INVALID_NAME}; an unknown code is its number in hexadecimal. */
    public String name() {
        Meaning meaning = MEANINGS.get(withoutSpecialBits().code);
        return meaning != null ? meaning.name : "0x" + Integer.toHexString(code);
    }

    /** Returns what the code means, in a few words for a person. */
    public String text() {
        Meaning meaning = MEANINGS.get(withoutSpecialBits().code);
        return meaning != null ? meaning.text : "unknown code";
    }

    public boolean isSuccess() {
        return code == KERN_SUCCESS;
    }

    /**
     * Throws the exception that belongs to a code, if it is not success.
     *
     * @param call the name of the C call that answered, for the message
     * @param code its answer
     */
    public static void check(String call, int code) throws MachException {
        if (code != KERN_SUCCESS) {
            throw MachException.of(call, new KernReturn(code));
        }
    }

    @Override
    public String toString() {
        return name() + " (" + text() + ")";
    }
}
