/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.PortName;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads notifications, and tells them from messages that only look like one. */
final class NotificationReader {
    /** After the header and an NDR record: a name or a count. */
    private static final int VALUE = MessageLayout.HEADER_SIZE + 8;

    private static final int AUDIT_SIZE = 32;
    private static final int KERNEL_GID = 1;

    private NotificationReader() {}

    /** Anybody can send a message with a notification's id; the trailer, which the kernel writes, tells who did. */
    static boolean isFromKernel(Contents contents) {
        ByteBuffer bytes = contents.bytes();
        int trailer = MessageLayout.round(contents.size);
        int bits = bytes.getInt(MessageLayout.BITS);
        boolean kernel = MessageLayout.local(bits) == Mach.MACH_MSG_TYPE_PORT_SEND_ONCE
                && bytes.getInt(trailer + MessageLayout.TRAILER_SIZE) >= MessageLayout.TRAILER_AUDIT + AUDIT_SIZE
                && bytes.getInt(trailer + MessageLayout.TRAILER_UID) == 0
                && bytes.getInt(trailer + MessageLayout.TRAILER_GID) == KERNEL_GID;
        for (int i = 0; i < AUDIT_SIZE && kernel; i += Integer.BYTES) {
            kernel = bytes.getInt(trailer + MessageLayout.TRAILER_AUDIT + i) == 0;
        }
        return kernel;
    }

    /** Returns the name that a dead-name notification brings a reference of, or null. */
    static int deadName(Contents contents) {
        ByteBuffer bytes = contents.bytes();
        boolean has = bytes.getInt(MessageLayout.ID) == Mach.MACH_NOTIFY_DEAD_NAME
                && contents.size >= VALUE + Integer.BYTES
                && isFromKernel(contents);
        return has ? bytes.getInt(VALUE) : Mach.MACH_PORT_NULL;
    }

    /** Reads a notification that brings no right. */
    static Optional<Notification> read(ByteBuffer bytes, int size) {
        int id = bytes.getInt(MessageLayout.ID);
        if (id == Mach.MACH_NOTIFY_SEND_ONCE) {
            return Optional.of(new Notification.SendOnce());
        }
        if (size < VALUE + Integer.BYTES) {
            return Optional.empty();
        }
        int value = bytes.getInt(VALUE);
        return switch (id) {
            case Mach.MACH_NOTIFY_PORT_DELETED -> Optional.of(new Notification.PortDeleted(new PortName(value)));
            case Mach.MACH_NOTIFY_SEND_POSSIBLE -> Optional.of(new Notification.SendPossible(new PortName(value)));
            case Mach.MACH_NOTIFY_NO_SENDERS -> Optional.of(new Notification.NoSenders(value));
            default -> Optional.empty();
        };
    }
}
