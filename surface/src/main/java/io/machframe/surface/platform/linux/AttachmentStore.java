/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.platform.linux.memory.WriteLock;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.plist.Unreadable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The attachments of a surface: one dictionary, kept behind the pixels in two slots of which the control block names the
 * valid one by a generation. A writer fills the other slot, then raises the generation, so that a process killed at any
 * moment leaves the old dictionary or the new one; it holds a lock meanwhile that goes with it. A reader takes no lock
 * and believes what it read only if the generation, which is in the slot too, and the checksum say so.
 *
 * <pre>
 *   0  generation   4  length   8  checksum   16  the dictionary
 * </pre>
 *
 * <p>A slot takes memory only once it is written.
 */
final class AttachmentStore {
    /** Bytes of address space for each slot. */
    static final int SLOT_SIZE = 256 * 1024;

    /** Bytes for both. */
    static final int SIZE = 2 * SLOT_SIZE;

    /** The most bytes of a dictionary. */
    static final int MAX_LENGTH = SLOT_SIZE - 16;

    private static final int GENERATION_OFFSET = 0;
    private static final int LENGTH_OFFSET = 4;
    private static final int CHECKSUM_OFFSET = 8;
    private static final int CONTENT_OFFSET = 16;

    /** The byte that writers lock; the use count has byte 0. */
    private static final long LOCK_POSITION = 1;

    private static final long PATIENCE_MILLIS = 5000;
    private static final int TRIES = 100;

    private final SharedMemory memory;
    private final long start;
    private final ByteBuffer slots;

    /** @param start where the first slot begins in the memory */
    AttachmentStore(SharedMemory memory, long start) {
        this.memory = memory;
        this.start = start;
        this.slots = memory.window(start, SIZE);
    }

    /** What becomes of a dictionary. */
    interface Change {
        byte[] of(byte[] before) throws MachException;
    }

    private static Map<String, Object> decode(byte[] bytes) throws MachException {
        try {
            return bytes.length == 0 ? new TreeMap<>() : PropertyList.decodeMap(bytes);
        } catch (IllegalArgumentException e) {
            throw unreadable(e.getMessage());
        }
    }

    /**
     * Copies the dictionary.
     *
     * @return no bytes if there never was one
     * @throws MachException {@code KERN_INVALID_VALUE} if a peer wrote something else
     */
    byte[] read() throws MachException {
        for (int i = 0; i < TRIES; i++) {
            byte[] copy = copy(generation());
            if (copy != null) {
                return copy;
            }
            Thread.onSpinWait(); // a writer was faster twice
        }
        try (WriteLock held = WriteLock.take(memory, LOCK_POSITION, PATIENCE_MILLIS)) {
            return readLocked();
        }
    }

    /**
     * Replaces the dictionary by what becomes of it.
     *
     * @param change gets a copy and returns what to write
     * @throws MachException {@code KERN_NO_SPACE} if that has more than {@link #MAX_LENGTH} bytes,
     *     {@code KERN_RESOURCE_SHORTAGE} if there is no memory for it, or the reasons of {@link WriteLock#take}
     */
    synchronized void change(Change change) throws MachException {
        try (WriteLock held = WriteLock.take(memory, LOCK_POSITION, PATIENCE_MILLIS)) {
            write(change.of(readLocked()));
        }
    }

    /** Reads all values that can be read. */
    Map<String, Object> values() throws MachException {
        return readable(decode(read()));
    }

    /** Reads one value. Throws {@code KERN_INVALID_VALUE} if a peer wrote it so that it cannot be read. */
    Optional<Object> value(String key) throws MachException {
        Object found = decode(read()).get(key);
        if (found instanceof Unreadable unreadable) {
            throw unreadable(unreadable.reason());
        }
        return Optional.ofNullable(found);
    }

    private static Map<String, Object> readable(Map<String, Object> values) {
        values.values().removeIf(Unreadable.class::isInstance);
        return values;
    }

    private static MachException unreadable(@Nullable String reason) {
        return failure(KernReturn.KERN_INVALID_VALUE, "what a peer attached cannot be read: " + reason);
    }

    /** Changes values and keeps the others. */
    void changeValues(Consumer<Map<String, Object>> change) throws MachException {
        change(bytes -> {
            Map<String, Object> all = decode(bytes);
            change.accept(all);
            return PropertyList.encode(readable(all));
        });
    }

    /** Replaces the dictionary, also one that is damaged. */
    synchronized void replace(byte[] content) throws MachException {
        try (WriteLock held = WriteLock.take(memory, LOCK_POSITION, PATIENCE_MILLIS)) {
            write(content);
        }
    }

    private byte[] readLocked() throws MachException {
        byte[] copy = copy(generation());
        if (copy == null) {
            throw failure(KernReturn.KERN_INVALID_VALUE, "the attachments are damaged");
        }
        return copy;
    }

    private void write(byte[] content) throws MachException {
        if (content.length > MAX_LENGTH) {
            throw failure(
                    KernReturn.KERN_NO_SPACE,
                    "no space for all values together: " + content.length + " bytes, at most " + MAX_LENGTH);
        }
        int now = generation();
        int generation = now == -1 ? 2 : now + 1; // 0 stands for none, and the slots take turns
        int slot = slot(generation);
        memory.allocate(start + slot, CONTENT_OFFSET + content.length);
        ByteBuffer bytes = slots.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(slot + GENERATION_OFFSET, generation).putInt(slot + LENGTH_OFFSET, content.length);
        bytes.putInt(slot + CHECKSUM_OFFSET, checksum(generation, content));
        bytes.put(slot + CONTENT_OFFSET, content);
        ControlBlock.setAttachments(memory.bytes(), generation);
    }

    /** Returns null if what the slot holds is not, or no longer, of that generation. */
    private byte @Nullable [] copy(int generation) {
        if (generation == 0) {
            return new byte[0];
        }
        int slot = slot(generation);
        ByteBuffer bytes = slots.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getInt(slot + LENGTH_OFFSET);
        int checksum = bytes.getInt(slot + CHECKSUM_OFFSET);
        if (bytes.getInt(slot + GENERATION_OFFSET) != generation || length < 0 || length > MAX_LENGTH) {
            return null;
        }
        byte[] content = new byte[length];
        bytes.get(slot + CONTENT_OFFSET, content);
        return checksum(generation, content) == checksum ? content : null;
    }

    private int generation() {
        return ControlBlock.attachments(memory.bytes());
    }

    /** Returns where in the slots that of a generation begins. */
    private static int slot(int generation) {
        return (generation & 1) * SLOT_SIZE;
    }

    private static int checksum(int generation, byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, generation));
        sum.update(content);
        return (int) sum.getValue();
    }

    private static MachException failure(int code, String detail) {
        KernReturn reason = new KernReturn(code);
        return new MachException("IOSurfaceSetValue", reason, detail + ": " + reason);
    }
}
