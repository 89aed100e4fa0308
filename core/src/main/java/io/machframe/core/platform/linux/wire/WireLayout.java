/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

/**
 * How a message lies in a packet between two processes: a prefix of 32 bytes, then the message in {@code mach_msg}
 * layout, then what it has out of line; its rights are file descriptors beside the bytes.
 *
 * <pre>
 *   0  magic           "MFP1"
 *   4  flags           CREDITED: the message holds a credit of the queue; ONCE: sent through a send-once right;
 *                      NOTICE: the sender's kernel speaks, not the sender; RECONCILE: no message follows, the
 *                      sender finds no credit in a queue that is empty, so some may have leaked; FILE: message
 *                      and extra are in a file, the first descriptor; OVERFLOW: the descriptors of rights and
 *                      memory are in packets of a socket, the next descriptor
 *   8  message size
 *  12  once id         which send-once right it was sent through
 *  16  reply kind      what the reply right is made of
 *  20  reply once id
 *  24  extra size      bytes after the message, which are out of line in it
 *  28  reserved        4 bytes, 0
 * </pre>
 *
 * <p>In a port descriptor the two fields that C leaves unused say the same of its right: the kind at 8, the once id at
 * 4. Descriptors come in the order of the rights: a port's send right is its queue's send end and its pipe's
 * read end; a send-once right is the send end and its own pipe's write end; memory is one descriptor; a receive right
 * is its queue, the send end, the pipe's write end and a socket that holds the rest of it. A right that is in the message
 * already has the kind SAME, the index of the first in place of the once id, and no descriptor. The files of memory
 * follow those of the rights.
 *
 * <p>The extra has the bytes of memory and the rights of arrays as {@link io.machframe.core.platform.kernel.Parcel} has.
 */
public final class WireLayout {
    public static final int MAGIC_VALUE = 0x3150464d;

    public static final int MAGIC = 0;
    public static final int FLAGS = 4;
    public static final int MESSAGE_SIZE = 8;
    public static final int ONCE_ID = 12;
    public static final int REPLY_KIND = 16;
    public static final int REPLY_ONCE_ID = 20;
    public static final int EXTRA_SIZE = 24;
    static final int RESERVED = 28;
    public static final int PREFIX_SIZE = 32;

    public static final int FLAG_CREDITED = 1;
    public static final int FLAG_ONCE = 2;
    public static final int FLAG_NOTICE = 4;
    public static final int FLAG_RECONCILE = 8;
    public static final int FLAG_FILE = 16;
    public static final int FLAG_OVERFLOW = 32;

    public static final int DESCRIPTOR_ONCE_ID = 4;
    public static final int DESCRIPTOR_KIND = 8;

    public static final int KIND_PORT = 0;
    public static final int KIND_ONCE = 1;
    public static final int KIND_MEMORY = 2;
    public static final int KIND_RECEIVE = 3;
    public static final int KIND_MEMORY_PAIR = 4;
    public static final int KIND_SAME = 5;

    /** The most descriptors one packet carries; the kernel's own limit. */
    public static final int MAX_FDS = 253;

    /** Below what a socket takes in one packet whatever the system's settings ({@code wmem_default} less its own share). */
    public static final int MAX_PACKET = 128 * 1024;

    public static final int BUFFER_SIZE = 1024 * 1024;

    private WireLayout() {}
}
