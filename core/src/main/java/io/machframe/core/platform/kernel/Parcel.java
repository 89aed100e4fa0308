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
 */
public final class Parcel {
    /** Stands in the bytes where a right travels beside them. */
    public static final int PRESENT = 1;

    private @Nullable MessageBuffer buffer;
    private int size;
    private @Nullable PortEnd[] rights = new PortEnd[16];
    private int rightCount;

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

    /** Closes the rights that were not taken and forgets the message. */
    public void clear() {
        discardRights();
        buffer = null;
    }

    /** Closes the rights that were not taken; the message's bytes stay. */
    public void discardRights() {
        for (int i = 0; i < rightCount; i++) {
            PortEnd right = rights[i];
            if (right != null) {
                right.close();
                rights[i] = null;
            }
        }
        rightCount = 0;
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
