/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The bytes and descriptors of one packet. A new one is a good message without rights; a test then spoils it. */
public final class RawPacket {
    private static final int CAPACITY = 256 * 1024;

    public final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    public final List<Integer> descriptors = new ArrayList<>();
    public int size;

    public RawPacket() {
        bytes.putInt(WireLayout.MAGIC, WireLayout.MAGIC_VALUE);
        bytes.putInt(at(MessageLayout.BITS), Mach.MACH_MSG_TYPE_PORT_SEND);
        size(MessageLayout.HEADER_SIZE);
    }

    /** Returns where a field of the message lies in the packet. */
    public static int at(int field) {
        return WireLayout.PREFIX_SIZE + field;
    }

    /** Makes the message that long and says so. */
    public RawPacket size(int message) {
        bytes.putInt(WireLayout.MESSAGE_SIZE, message);
        size = WireLayout.PREFIX_SIZE + message;
        return this;
    }

    public RawPacket put(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    public RawPacket id(int id) {
        return put(at(MessageLayout.ID), id);
    }

    RawPacket flags(int flags) {
        return put(WireLayout.FLAGS, flags);
    }

    public RawPacket once(int id) {
        return flags(WireLayout.FLAG_ONCE).put(WireLayout.ONCE_ID, id);
    }

    public RawPacket bits(int bits) {
        return put(at(MessageLayout.BITS), bits);
    }

    public int bits() {
        return bytes.getInt(at(MessageLayout.BITS));
    }

    public RawPacket descriptors(Integer... fds) {
        descriptors.addAll(List.of(fds));
        return this;
    }

    /** Adds a port descriptor that is said to be of a kind, without its file descriptors. */
    public RawPacket right(int kind, int disposition, int onceId) {
        complex();
        int descriptor = size;
        put(descriptor, 1);
        put(descriptor + WireLayout.DESCRIPTOR_ONCE_ID, onceId);
        bytes.putShort(descriptor + WireLayout.DESCRIPTOR_KIND, (short) kind);
        bytes.put(descriptor + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
        bytes.put(descriptor + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_PORT);
        return counted(MessageLayout.PORT_DESCRIPTOR_SIZE);
    }

    /** Adds a descriptor of memory that is said to be of a size, where {@code mark} tells. */
    RawPacket memory(long mark, int bytes) {
        return outOfLine(mark, bytes, 0, MessageLayout.TYPE_OOL);
    }

    /** Adds a descriptor of an array of send rights. */
    RawPacket array(long mark, int count) {
        return outOfLine(mark, count, Mach.MACH_MSG_TYPE_PORT_SEND, MessageLayout.TYPE_OOL_PORTS);
    }

    private RawPacket outOfLine(long mark, int count, int disposition, int type) {
        complex();
        int descriptor = size;
        bytes.putLong(descriptor, mark);
        bytes.put(descriptor + MessageLayout.OOL_COPY, (byte) Mach.MACH_MSG_VIRTUAL_COPY);
        bytes.put(descriptor + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
        bytes.put(descriptor + MessageLayout.DESCRIPTOR_TYPE, (byte) type);
        put(descriptor + MessageLayout.OOL_SIZE, count);
        return counted(MessageLayout.OOL_DESCRIPTOR_SIZE);
    }

    /** Adds bytes behind the message, and says so. */
    RawPacket extra(int count) {
        put(WireLayout.EXTRA_SIZE, count);
        size += count;
        return this;
    }

    private void complex() {
        if ((bits() & MessageLayout.BITS_COMPLEX) == 0) {
            bits(bits() | MessageLayout.BITS_COMPLEX);
            size(MessageLayout.DESCRIPTORS);
        }
    }

    /** The descriptor at the end is one more. */
    private RawPacket counted(int descriptorSize) {
        int count = at(MessageLayout.DESCRIPTOR_COUNT);
        put(count, bytes.getInt(count) + 1);
        return size(size - WireLayout.PREFIX_SIZE + descriptorSize);
    }

    /** Adds a reply right that is said to be of a kind. */
    RawPacket reply(int kind, int disposition, int onceId) {
        bits(bits() | disposition << 8);
        return put(at(MessageLayout.LOCAL_PORT), 1)
                .put(WireLayout.REPLY_KIND, kind)
                .put(WireLayout.REPLY_ONCE_ID, onceId);
    }
}
