/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import java.nio.ByteBuffer;

/**
 * Walks the descriptors of a message, reads them and writes them. A flyweight over the message's bytes
 * ({@link MessageLayout}) that is used again for each message and allocates nothing.
 *
 * <pre>{@code
 * for (cursor.wrap(message, size); cursor.next(); ) {
 *     switch (cursor.type()) { … }
 * }
 * if (cursor.fault() != Fault.NONE) { … }
 * }</pre>
 *
 * <p>The bytes may come from a hostile peer. {@link #next} checks once that the next descriptor has a known type and lies
 * within the message, so the accessors of the current descriptor are always in bounds; whether what they return makes
 * sense is for the caller to check. Not thread-safe.
 */
public final class DescriptorCursor {
    /** Why a walk ended before the last descriptor that the message announces. */
    public enum Fault {
        /** It did not. */
        NONE,
        /** The message announces more descriptors than it has space for, or a negative number. */
        TRUNCATED,
        /** The next descriptor is of a type that does not exist, so its size is not known. */
        UNKNOWN_TYPE
    }

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private ByteBuffer bytes = EMPTY;
    private int start;
    private int limit;
    private int count;

    private int index;
    private int position;
    private int end;
    private Fault fault = Fault.NONE;

    /**
     * Begins a walk over the descriptors of a message; a simple message, without {@code MACH_MSGH_BITS_COMPLEX}, has none.
     *
     * @param size of the message without its trailer, at least that of the header and at most the buffer's capacity
     */
    public DescriptorCursor wrap(MessageBuffer message, int size) {
        ByteBuffer source = message.bytes();
        if ((source.getInt(MessageLayout.BITS) & MessageLayout.BITS_COMPLEX) == 0) {
            return wrap(source, MessageLayout.HEADER_SIZE, size, 0);
        }
        boolean hasCount = size >= MessageLayout.DESCRIPTORS;
        // Without space for the count there is no descriptor, and the walk ends as truncated.
        return wrap(
                source, MessageLayout.DESCRIPTORS, size, hasCount ? source.getInt(MessageLayout.DESCRIPTOR_COUNT) : -1);
    }

    /**
     * Begins a walk over port descriptors that stand for the names of an array.
     *
     * @param from where the first one begins
     * @param count how many there are
     */
    public DescriptorCursor wrapArray(MessageBuffer outOfLine, int from, int count) {
        return wrap(outOfLine.bytes(), from, outOfLine.capacity(), count);
    }

    private DescriptorCursor wrap(ByteBuffer source, int from, int to, int descriptors) {
        bytes = source;
        start = from;
        limit = to;
        count = descriptors;
        return rewind();
    }

    /** Begins the walk again. */
    public DescriptorCursor rewind() {
        index = -1;
        position = start;
        end = start;
        fault = count < 0 ? Fault.TRUNCATED : Fault.NONE;
        return this;
    }

    /** Moves to the next descriptor; returns whether there is one, complete and of a known type. */
    public boolean next() {
        if (index + 1 >= count || fault != Fault.NONE) {
            return false;
        }
        // In this form because end plus a size may overflow, limit minus it cannot.
        if (end > limit - MessageLayout.PORT_DESCRIPTOR_SIZE) {
            fault = Fault.TRUNCATED;
            return false;
        }
        int type = bytes.get(end + MessageLayout.DESCRIPTOR_TYPE);
        if (type < MessageLayout.TYPE_PORT || type > MessageLayout.TYPE_GUARDED_PORT) {
            fault = Fault.UNKNOWN_TYPE;
            return false;
        }
        int size = MessageLayout.descriptorSize(type);
        if (end > limit - size) {
            fault = Fault.TRUNCATED;
            return false;
        }
        index++;
        position = end;
        end += size;
        return true;
    }

    /** Moves to a descriptor by its index, forward from the current one or from the first. */
    public DescriptorCursor seek(int target) {
        if (target < index) {
            rewind();
        }
        while (index < target && next()) {}
        if (target < 0 || index != target) {
            throw new IndexOutOfBoundsException("descriptor " + target + " of " + count);
        }
        return this;
    }

    /** Returns why the walk ended early; {@link Fault#NONE} as long as it did not. */
    public Fault fault() {
        return fault;
    }

    /** Returns how many descriptors are announced; negative if a message claims so or ends before the number. */
    public int count() {
        return count;
    }

    /** Returns the index of the current descriptor; -1 before the first. */
    public int index() {
        return index;
    }

    /** Returns where the current descriptor begins. */
    public int position() {
        return position;
    }

    /** Returns where the current descriptor ends; after the last one, and in a simple message, where the body begins. */
    public int end() {
        return end;
    }

    /** Returns the type, {@code MessageLayout.TYPE_}. */
    public int type() {
        return bytes.get(position + MessageLayout.DESCRIPTOR_TYPE);
    }

    /** Returns whether this is the descriptor of one port, guarded or not. */
    public boolean isPort() {
        int type = type();
        return type == MessageLayout.TYPE_PORT || type == MessageLayout.TYPE_GUARDED_PORT;
    }

    /** Returns whether this is a descriptor of memory out of line. */
    public boolean isMemory() {
        return MessageLayout.isMemory(type());
    }

    /** Returns the disposition of a port, or of all names of an array. */
    public int disposition() {
        return bytes.get(position + MessageLayout.DESCRIPTOR_DISPOSITION);
    }

    public void disposition(int value) {
        bytes.put(position + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) value);
    }

    /** Returns the name in the descriptor of a port, guarded or not. */
    public int name() {
        return bytes.getInt(nameField());
    }

    public void name(int value) {
        bytes.putInt(nameField(), value);
    }

    private int nameField() {
        return type() == MessageLayout.TYPE_GUARDED_PORT ? position + MessageLayout.GUARDED_NAME : position;
    }

    /** Returns the address of memory or of an array. */
    public long address() {
        return bytes.getLong(position + MessageLayout.OOL_ADDRESS);
    }

    public void address(long value) {
        bytes.putLong(position + MessageLayout.OOL_ADDRESS, value);
    }

    /** Returns the bytes of memory, or how many names an array has; never negative. */
    public long size() {
        return Integer.toUnsignedLong(bytes.getInt(position + MessageLayout.OOL_SIZE));
    }

    public void size(int value) {
        bytes.putInt(position + MessageLayout.OOL_SIZE, value);
    }

    /** Returns whether the sender gives its memory up, {@code deallocate}. */
    public boolean deallocates() {
        return bytes.get(position + MessageLayout.OOL_DEALLOCATE) != 0;
    }

    public void deallocates(boolean value) {
        bytes.put(position + MessageLayout.OOL_DEALLOCATE, (byte) (value ? 1 : 0));
    }

    /** Returns how memory or an array is copied, {@code MACH_MSG_PHYSICAL_COPY} or {@code MACH_MSG_VIRTUAL_COPY}. */
    public int copyOption() {
        return bytes.get(position + MessageLayout.OOL_COPY);
    }

    public void copyOption(int value) {
        bytes.put(position + MessageLayout.OOL_COPY, (byte) value);
    }

    /** Leaves nothing here. In place of memory or an array that is the one descriptor of a port with the same size. */
    public void clear() {
        if (!isPort()) {
            type(MessageLayout.TYPE_GUARDED_PORT);
        }
        name(Mach.MACH_PORT_NULL);
    }

    /**
     * Begins to write descriptors instead of reading them. The count in the message is the caller's to write.
     *
     * @param from where the first one begins
     */
    public DescriptorCursor beginWriting(MessageBuffer target, int from) {
        return wrap(target.bytes(), from, target.capacity(), 0);
    }

    /** Writes the next descriptor: of a port. */
    public void putPort(int name, int disposition) {
        append(MessageLayout.PORT_DESCRIPTOR_SIZE);
        bytes.putInt(position, name);
        bytes.putLong(position + Integer.BYTES, 0);
        disposition(disposition);
        type(MessageLayout.TYPE_PORT);
    }

    /** Writes the next descriptor: of memory, to be copied virtually. */
    public void putMemory(long address, int size, boolean deallocates) {
        putOutOfLine(MessageLayout.TYPE_OOL, address, size, deallocates, 0);
    }

    /** Writes the next descriptor: of an array of names, whose memory the sender gives up. */
    public void putArray(long address, int names, int disposition) {
        putOutOfLine(MessageLayout.TYPE_OOL_PORTS, address, names, true, disposition);
    }

    private void putOutOfLine(int type, long address, int size, boolean deallocates, int disposition) {
        append(MessageLayout.OOL_DESCRIPTOR_SIZE);
        address(address);
        deallocates(deallocates);
        copyOption(Mach.MACH_MSG_VIRTUAL_COPY);
        disposition(disposition);
        type(type);
        size(size);
    }

    private void append(int size) {
        count++;
        index++;
        position = end;
        end += size;
    }

    private void type(int value) {
        bytes.put(position + MessageLayout.DESCRIPTOR_TYPE, (byte) value);
    }
}
