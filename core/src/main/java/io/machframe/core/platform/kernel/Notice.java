/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;

/**
 * The messages that the kernel itself sends, to tell of a port's fate. {@code mach/notify.h}
 *
 * <pre>
 *   header only            send-once
 *  24  NDR record (8)
 *  32  name or count (4)   port-deleted, dead-name, send-possible: name; no-senders: make-send count
 *  24  one descriptor      port-destroyed: the receive right
 * </pre>
 */
public final class Notice {
    /** The most bytes that a notice has. */
    public static final int MAX_SIZE = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;

    private static final int NDR = MessageLayout.HEADER_SIZE;
    private static final int NDR_INT_REP = NDR + 4;
    private static final int VALUE = NDR + 8;
    private static final int VALUE_SIZE = VALUE + Integer.BYTES;

    private Notice() {}

    /** Says in {@code parcel} that a send-once right was destroyed unused. */
    public static void sendOnce(Parcel parcel, MessageBuffer buffer) {
        begin(parcel, buffer, Mach.MACH_NOTIFY_SEND_ONCE, MessageLayout.HEADER_SIZE);
    }

    /** Says something of a name, or no-senders with a count. */
    static void about(Parcel parcel, MessageBuffer buffer, int id, int value) {
        begin(parcel, buffer, id, VALUE_SIZE);
        buffer.bytes().putLong(NDR, 0).put(NDR_INT_REP, (byte) 1).putInt(VALUE, value);
    }

    /** Hands a receive right over whose holder gave it up; the parcel owns it. */
    public static void portDestroyed(Parcel parcel, MessageBuffer buffer, ReceiveEnd right) {
        begin(parcel, buffer, Mach.MACH_NOTIFY_PORT_DESTROYED, MAX_SIZE);
        ByteBuffer bytes = buffer.bytes();
        bytes.putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX | Mach.MACH_MSG_TYPE_PORT_SEND_ONCE);
        bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, 1);
        new DescriptorCursor()
                .beginWriting(buffer, MessageLayout.DESCRIPTORS)
                .putPort(Parcel.PRESENT, Mach.MACH_MSG_TYPE_PORT_RECEIVE);
        parcel.add(right);
    }

    private static void begin(Parcel parcel, MessageBuffer buffer, int id, int size) {
        parcel.begin(buffer, size);
        parcel.notice(true);
        parcel.sentOnce(true);
        ByteBuffer bytes = buffer.bytes();
        bytes.putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_PORT_SEND_ONCE);
        bytes.putInt(MessageLayout.SIZE, size);
        bytes.putInt(MessageLayout.REMOTE_PORT, 0).putInt(MessageLayout.LOCAL_PORT, 0);
        bytes.putInt(MessageLayout.VOUCHER_PORT, 0).putInt(MessageLayout.ID, id);
    }
}
