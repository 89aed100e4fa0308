/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.memory.SharedWord;
import io.machframe.core.port.SendRight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a server writes and all its clients read, and only read: the kernel refuses them more. Little-endian.
 *
 * <pre>
 *     0  magic (4)
 *     4  version (4)
 *     8  end: 0 while the stream lives, then why it ended (4)
 *    64  bell (4): raised by one after each frame, and at the end; clients that sleep wait for it to change
 *  4096  the records of the slots, {@value #RECORD_SIZE} bytes each, {@value #MAX_SLOTS} of them: {@link FrameRecord}
 * </pre>
 *
 * <p>A slot is a surface's number in the pool; its record describes the frame in it, and is written again only with the
 * surface, so whoever may read the pixels may read the record.
 */
public final class StreamPage implements AutoCloseable {
    /** The most surfaces of a stream. */
    public static final int MAX_SLOTS = 128;

    static final int RECORD_SIZE = 2048;

    private static final int MAGIC_VALUE = 0x3253464d;
    private static final int MAGIC = 0;
    private static final int VERSION = 4;
    private static final int END = 8;
    private static final int BELL = 64;
    private static final int RECORDS = 4096;
    private static final int SIZE = RECORDS + MAX_SLOTS * RECORD_SIZE;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final MemoryRegion region;
    private final @Nullable MemoryEntry entry;
    private final ByteBuffer bytes;
    private final @Nullable SharedWord bell;
    private final FrameRecord[] records = new FrameRecord[MAX_SLOTS];

    /** Takes ownership of both. */
    private StreamPage(MemoryRegion region, @Nullable MemoryEntry entry) {
        this.region = region;
        this.entry = entry;
        this.bytes = region.bytes();
        this.bell = SharedWord.isSupported() ? SharedWord.of(region, BELL) : null;
        for (int slot = 0; slot < MAX_SLOTS; slot++) {
            records[slot] = new FrameRecord(bytes.slice(RECORDS + slot * RECORD_SIZE, RECORD_SIZE));
        }
    }

    /** Server: makes the page. */
    public static StreamPage create() throws MachException {
        MemoryRegion region = MemoryRegion.allocate(SIZE);
        MemoryEntry entry = null;
        try {
            entry = MemoryEntry.of(region, MemoryAccess.READ);
            StreamPage page = new StreamPage(region, entry);
            page.bytes.putInt(MAGIC, MAGIC_VALUE).putInt(VERSION, Protocol.VERSION);
            return page;
        } catch (MachException | RuntimeException | Error e) {
            if (entry != null) {
                entry.close();
            }
            region.close();
            throw e;
        }
    }

    /** Client: maps the page that a server sent. Takes ownership of the right, whatever happens. */
    static StreamPage open(SendRight right) throws MachException {
        MemoryRegion region;
        try (MemoryEntry entry = MemoryEntry.adopt(right)) {
            region = entry.map(SIZE, MemoryAccess.READ);
        } catch (MachException e) {
            throw Protocol.violation("what it sent is no page of a stream: " + e.getMessage());
        }
        ByteBuffer bytes = region.bytes();
        if (bytes.getInt(MAGIC) != MAGIC_VALUE || bytes.getInt(VERSION) != Protocol.VERSION) {
            region.close();
            throw Protocol.violation("what it sent is no page of a stream of version " + Protocol.VERSION);
        }
        return new StreamPage(region, null);
    }

    /** Server: makes a right to read the page. */
    SendRight right() throws MachException {
        if (entry == null) {
            throw new IllegalStateException("a client has no right to give");
        }
        return entry.right().copy();
    }

    /** Returns the record of a slot. */
    public FrameRecord record(int slot) {
        return records[slot];
    }

    /** Server: says that the stream is over, and why. */
    public void end(int reason) {
        INT.setVolatile(bytes, END, reason);
    }

    /** Client: why the stream is over, 0 if it is not. */
    int end() {
        return (int) INT.getVolatile(bytes, END);
    }

    /** Server: raises the bell's count, after what clients are to find. Not for several threads at a time. */
    public void raise() {
        INT.setVolatile(bytes, BELL, bytes.getInt(BELL) + 1);
    }

    /** Server: ends the sleep of all clients. */
    public void ring() {
        if (bell != null) {
            bell.wakeAll();
        }
    }

    /** Returns the word that sleeping clients wait for; null where they cannot and are sent messages. */
    @Nullable
    SharedWord bell() {
        return bell;
    }

    @Override
    public void close() {
        if (entry != null) {
            entry.close();
        }
        region.close();
    }
}
