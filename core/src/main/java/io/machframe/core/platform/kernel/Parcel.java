/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import io.machframe.core.platform.MessageBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message between copy-in and copy-out: its bytes with no name of any task in them, and beside them the rights
 * themselves, which the parcel owns.
 *
 * <p>In the bytes a right's name is {@link #PRESENT}, null or dead, and its disposition is what the receiver will see.
 * Rights come in the order of the message: the reply right if there is one, then the descriptors'. A parcel belongs to
 * one thread and is used again for each message, so that a message costs no garbage.
 *
 * <p>What is out of line follows the message in a second buffer, the extra, in the order of the descriptors: the bytes of
 * memory whose address is {@link #INLINE}, and for each name of an array a port descriptor of its own. Memory whose
 * address is {@link #PRESENT} is a block beside the bytes.
 */
public final class Parcel {
    /** Stands in the bytes where a right travels beside them. */
    public static final int PRESENT = 1;

    /** Stands in the bytes for the address of memory that follows in the extra. */
    public static final int INLINE = 2;

    private static final int INITIAL_BLOCKS = 4;

    private @Nullable MessageBuffer buffer;
    private int size;
    private @Nullable PortEnd[] rights = new PortEnd[16];
    private int rightCount;
    private @Nullable MessageBuffer extra;
    private int extraSize;
    private @Nullable MemoryBlock[] blocks = new MemoryBlock[INITIAL_BLOCKS];
    private int blockCount;
    private @Nullable AutoCloseable packing;

    private int senderPid;
    private int senderUid;
    private int senderGid;
    private int sequence;
    private boolean sentOnce;
    private boolean notice;
    private @Nullable ReceiveEnd receiver;

    /** Begins a message in {@code buffer}, without rights. */
    public void begin(MessageBuffer buffer, int size) {
        this.buffer = buffer;
        this.size = size;
        this.sentOnce = false;
        this.notice = false;
        this.receiver = null;
        this.extra = null;
        this.extraSize = 0;
    }

    public MessageBuffer buffer() {
        if (buffer == null) {
            throw new IllegalStateException("the parcel holds no message");
        }
        return buffer;
    }

    public int size() {
        return size;
    }

    public void size(int bytes) {
        size = bytes;
    }

    /** Returns the bytes that are out of line. */
    public MessageBuffer extra() {
        if (extra == null) {
            throw new IllegalStateException("the parcel has nothing out of line");
        }
        return extra;
    }

    public int extraSize() {
        return extraSize;
    }

    public void extra(MessageBuffer bytes, int count) {
        extra = bytes;
        extraSize = count;
    }

    /** Hands memory over to this parcel. */
    public void add(MemoryBlock block) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, blockCount * 2);
        }
        blocks[blockCount++] = block;
    }

    public int blockCount() {
        return blockCount;
    }

    /** Returns a block, still owned by this parcel. */
    public MemoryBlock block(int index) {
        MemoryBlock block = blocks[index];
        if (block == null) {
            throw new IllegalStateException("block " + index + " was taken");
        }
        return block;
    }

    /** Takes a block out; the caller owns it. */
    public MemoryBlock takeBlock(int index) {
        MemoryBlock block = block(index);
        blocks[index] = null;
        return block;
    }

    /** Returns what the transport made of this parcel for its way, to be closed with it, or null. */
    public @Nullable AutoCloseable packing() {
        return packing;
    }

    public void packing(AutoCloseable made) {
        packing = made;
    }

    /** Takes over all that another parcel holds, but for its bytes. */
    public void takeContents(Parcel other) {
        for (int i = 0; i < other.rightCount; i++) {
            add(other.take(i));
        }
        for (int i = 0; i < other.blockCount; i++) {
            add(other.takeBlock(i));
        }
        extra = other.extra;
        extraSize = other.extraSize;
    }

    /** Hands a right over to this parcel. */
    public void add(PortEnd right) {
        if (rightCount == rights.length) {
            rights = Arrays.copyOf(rights, rightCount * 2);
        }
        rights[rightCount++] = right;
    }

    public int rightCount() {
        return rightCount;
    }

    /** Returns a right, still owned by this parcel. */
    public PortEnd right(int index) {
        PortEnd right = rights[index];
        if (right == null) {
            throw new IllegalStateException("right " + index + " was taken");
        }
        return right;
    }

    /** Takes a right out; the caller owns it. */
    public PortEnd take(int index) {
        PortEnd right = right(index);
        rights[index] = null;
        return right;
    }

    /** Closes what was not taken and forgets the message. */
    public void clear() {
        discardContents();
        buffer = null;
        extra = null;
    }

    /** Closes the rights and the memory that were not taken; the message's bytes stay. */
    public void discardContents() {
        for (int i = 0; i < rightCount; i++) {
            PortEnd right = rights[i];
            if (right != null) {
                right.close();
                rights[i] = null;
            }
        }
        rightCount = 0;
        for (int i = 0; i < blockCount; i++) {
            MemoryBlock block = blocks[i];
            if (block != null) {
                block.close();
                blocks[i] = null;
            }
        }
        blockCount = 0;
        unpack();
    }

    private void unpack() {
        if (packing != null) {
            try {
                packing.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                packing = null;
            }
        }
    }

    /** Notes who sent the message, as the system below vouches for. */
    public void sender(int pid, int uid, int gid) {
        senderPid = pid;
        senderUid = uid;
        senderGid = gid;
    }

    public int senderPid() {
        return senderPid;
    }

    public int senderUid() {
        return senderUid;
    }

    public int senderGid() {
        return senderGid;
    }

    public int sequence() {
        return sequence;
    }

    public void sequence(int number) {
        sequence = number;
    }

    /** Returns the port the message came to, if it was received by way of a set. */
    public @Nullable ReceiveEnd receiver() {
        return receiver;
    }

    public void receiver(ReceiveEnd end) {
        receiver = end;
    }

    /** Returns whether it is the kernel that speaks, not the task that sends. */
    public boolean isNotice() {
        return notice;
    }

    public void notice(boolean isNotice) {
        notice = isNotice;
    }

    /** Returns whether the message came through a send-once right. */
    public boolean sentOnce() {
        return sentOnce;
    }

    public void sentOnce(boolean once) {
        sentOnce = once;
    }
}
