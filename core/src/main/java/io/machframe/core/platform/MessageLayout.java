/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/**
 * Where the parts of a message lie, in bytes. {@code mach_msg_header_t} and what follows it, as on 64-bit macOS.
 *
 * <pre>
 *   0  msgh_bits           remote disposition 0x1f, local 0x1f00, voucher 0x1f0000, complex 0x80000000
 *   4  msgh_size           without the trailer
 *   8  msgh_remote_port    sent: destination; received: reply right
 *  12  msgh_local_port     sent: reply right; received: the port it came to
 *  16  msgh_voucher_port
 *  20  msgh_id             the user's
 *  24  body, or, if complex: descriptor count (4), descriptors, body
 * </pre>
 *
 * <p>A port descriptor:
 *
 * <pre>
 *   0  name   4  pad   8  pad (2)   10  disposition (1)   11  type (1)
 * </pre>
 *
 * <p>A descriptor of memory or of an array of names out of line, and one of a guarded port:
 *
 * <pre>
 *   0  address (8)   8  deallocate (1)   9  copy (1)   10  disposition (1)   11  type (1)   12  bytes, or names
 *   0  guard (8)     8  flags (2)                      10  disposition (1)   11  type (1)   12  name
 * </pre>
 *
 * <p>The type byte is at 11 in every kind of descriptor. The trailer starts at the message's size rounded up to 4:
 *
 * <pre>
 *   0  type   4  size   8  sequence number   12  uid   16  gid   20  audit token (8 words)   52  context (8)
 * </pre>
 */
public final class MessageLayout {
    public static final int BITS = 0;
    public static final int SIZE = 4;
    public static final int REMOTE_PORT = 8;
    public static final int LOCAL_PORT = 12;
    public static final int VOUCHER_PORT = 16;
    public static final int ID = 20;
    public static final int HEADER_SIZE = 24;

    public static final int BITS_REMOTE_MASK = 0x0000001f;
    public static final int BITS_LOCAL_MASK = 0x00001f00;
    public static final int BITS_VOUCHER_MASK = 0x001f0000;
    public static final int BITS_COMPLEX = 0x80000000;
    public static final int BITS_USER = BITS_COMPLEX | BITS_REMOTE_MASK | BITS_LOCAL_MASK | BITS_VOUCHER_MASK;

    public static final int DESCRIPTOR_COUNT = 24;
    public static final int DESCRIPTORS = 28;

    public static final int PORT_DESCRIPTOR_SIZE = 12;
    public static final int OOL_DESCRIPTOR_SIZE = 16;
    public static final int DESCRIPTOR_NAME = 0;
    public static final int DESCRIPTOR_DISPOSITION = 10;
    public static final int DESCRIPTOR_TYPE = 11;
    public static final int OOL_ADDRESS = 0;
    public static final int OOL_DEALLOCATE = 8;
    public static final int OOL_COPY = 9;

    /** Of memory its bytes, of an array of names how many there are. */
    public static final int OOL_SIZE = 12;

    public static final int GUARD_FLAGS = 8;
    public static final int GUARDED_NAME = 12;
    public static final int TYPE_PORT = 0;
    public static final int TYPE_OOL = 1;
    public static final int TYPE_OOL_PORTS = 2;
    public static final int TYPE_OOL_VOLATILE = 3;
    public static final int TYPE_GUARDED_PORT = 4;

    public static final int TRAILER_TYPE = 0;
    public static final int TRAILER_SIZE = 4;
    public static final int TRAILER_SEQNO = 8;
    public static final int TRAILER_UID = 12;
    public static final int TRAILER_GID = 16;
    public static final int TRAILER_AUDIT = 20;
    public static final int TRAILER_CONTEXT = 52;

    /** Words of the audit token: where the ids of the sender are. */
    public static final int AUDIT_EUID = 4;

    public static final int AUDIT_EGID = 8;
    public static final int AUDIT_RUID = 12;
    public static final int AUDIT_RGID = 16;
    public static final int AUDIT_PID = 20;
    public static final int AUDIT_SESSION = 24;
    public static final int AUDIT_PID_VERSION = 28;

    /** Room that any trailer fits, {@code MAX_TRAILER_SIZE}. */
    public static final int MAX_TRAILER_SIZE = 68;

    private MessageLayout() {}

    /** Returns {@code size} rounded up to the 4 bytes that every message size must be a multiple of. */
    public static int round(int size) {
        return (size + 3) & ~3;
    }

    /** Returns how many bytes a descriptor of a type takes. */
    public static int descriptorSize(int type) {
        return type == TYPE_PORT ? PORT_DESCRIPTOR_SIZE : OOL_DESCRIPTOR_SIZE;
    }

    /** Returns whether a descriptor type is one of memory. */
    public static boolean isMemory(int type) {
        return type == TYPE_OOL || type == TYPE_OOL_VOLATILE;
    }

    /** Returns the disposition of the remote port in {@code bits}, {@code MACH_MSGH_BITS_REMOTE}. */
    public static int remote(int bits) {
        return bits & BITS_REMOTE_MASK;
    }

    /** Returns the disposition of the local port in {@code bits}, {@code MACH_MSGH_BITS_LOCAL}. */
    public static int local(int bits) {
        return (bits & BITS_LOCAL_MASK) >>> 8;
    }
}
