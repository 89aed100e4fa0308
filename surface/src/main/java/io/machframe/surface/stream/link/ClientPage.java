/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.port.SendRight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The page that a server shares with one client, and both write. Little-endian; all accesses are volatile.
 *
 * <pre>
 *     0  magic (4)
 *     4  version (4)
 *     8  end: 0 while the client is connected, then why it is not (4)                             server
 *    12  capacity of the queue (4)                                                                server
 *    16  sequence of the first frame that the client can get (8)                                  server
 *    64  wants: 0, or how to wake the client: 1 by the bell, 2 by a message                       client, 2 to 0: server
 *   128  notify: 1 if the publisher waits for a frame to be taken or released (4)                 server
 *   256  queue: {@value #MAX_CAPACITY} tickets (8 each), of which the first "capacity" are used   both
 *  1024  released: for each slot the ticket of the last frame in it that was released (8 each)    client
 *  2048  how many frames took how long to receive, by bucket of {@link LatencyCounts} (8 each)    client
 * </pre>
 *
 * <p>A ticket is the number of an offer to this client, from 1 on, times 256, plus the slot. Offer i waits in entry
 * (i - 1) modulo capacity. The server swaps a ticket in; the client takes it out by comparing and setting to 0, and later
 * writes it under "released". The server remembers what it offered, so a word that is none of the two that can be there
 * is found out, and a client that writes nonsense spoils the frames that it sees itself, no others.
 */
final class ClientPage implements AutoCloseable {
    static final int MAX_CAPACITY = 64;

    /** How a client can be woken. */
    static final int AWAKE = 0;

    static final int BY_BELL = 1;
    static final int BY_MESSAGE = 2;

    private static final int MAGIC_VALUE = 0x3243464d;
    private static final int MAGIC = 0;
    private static final int VERSION = 4;
    private static final int END = 8;
    private static final int CAPACITY = 12;
    private static final int FIRST = 16;
    private static final int WANTS = 64;
    private static final int NOTIFY = 128;
    private static final int QUEUE = 256;
    private static final int RELEASED = 1024;
    private static final int LATENCIES = RELEASED + StreamPage.MAX_SLOTS * Long.BYTES;
    private static final int SIZE = LATENCIES + LatencyCounts.BUCKETS * Long.BYTES;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final MemoryRegion region;
    private final @Nullable MemoryEntry entry;
    private final ByteBuffer bytes;

    /** Takes ownership of both. */
    private ClientPage(MemoryRegion region, @Nullable MemoryEntry entry) {
        this.region = region;
        this.entry = entry;
        this.bytes = region.bytes();
    }

    /** Server: makes a page. */
    static ClientPage create(int capacity) throws MachException {
        MemoryRegion region = MemoryRegion.allocate(SIZE);
        try {
            // At once, because the region must not be written while it becomes memory that can be shared.
            ClientPage page = new ClientPage(region, MemoryEntry.of(region, MemoryAccess.READ_WRITE));
            page.bytes
                    .putInt(MAGIC, MAGIC_VALUE)
                    .putInt(VERSION, Protocol.VERSION)
                    .putInt(CAPACITY, capacity);
            return page;
        } catch (MachException | RuntimeException | Error e) {
            region.close();
            throw e;
        }
    }

    /** Server: makes a right to the page. */
    SendRight right() throws MachException {
        return Objects.requireNonNull(entry).right().copy();
    }

    /** Client: maps the page that a server sent. Takes ownership of the right, whatever happens. */
    static ClientPage open(SendRight right, int capacity) throws MachException {
        MemoryRegion region;
        try (MemoryEntry entry = MemoryEntry.adopt(right)) {
            region = entry.map(SIZE, MemoryAccess.READ_WRITE);
        } catch (MachException e) {
            throw Protocol.violation("what it sent is no page of a client: " + e.getMessage());
        }
        ByteBuffer bytes = region.bytes();
        if (bytes.getInt(MAGIC) != MAGIC_VALUE
                || bytes.getInt(VERSION) != Protocol.VERSION
                || bytes.getInt(CAPACITY) != capacity) {
            region.close();
            throw Protocol.violation("what it sent is no page of a client of version " + Protocol.VERSION);
        }
        return new ClientPage(region, null);
    }

    static long ticket(long offer, int slot) {
        return (offer << 8) | slot;
    }

    static long offer(long ticket) {
        return ticket >>> 8;
    }

    static int slot(long ticket) {
        return (int) (ticket & 0xff);
    }

    private int getInt(int at) {
        return (int) INT.getVolatile(bytes, at);
    }

    private void setInt(int at, int value) {
        INT.setVolatile(bytes, at, value);
    }

    int end() {
        return getInt(END);
    }

    void end(int reason) {
        setInt(END, reason);
    }

    long first() {
        return (long) LONG.getVolatile(bytes, FIRST);
    }

    void first(long sequence) {
        LONG.setVolatile(bytes, FIRST, sequence);
    }

    int wants() {
        return getInt(WANTS);
    }

    void wants(int how) {
        setInt(WANTS, how);
    }

    /** Server: takes the wish for a message, for which it then sends one. */
    boolean takeMessageWish() {
        return INT.compareAndSet(bytes, WANTS, BY_MESSAGE, AWAKE);
    }

    boolean notifies() {
        return getInt(NOTIFY) != 0;
    }

    void notifies(boolean wanted) {
        setInt(NOTIFY, wanted ? 1 : 0);
    }

    long waiting(int entry) {
        return (long) LONG.getVolatile(bytes, QUEUE + Long.BYTES * entry);
    }

    long swap(int entry, long ticket) {
        return (long) LONG.getAndSet(bytes, QUEUE + Long.BYTES * entry, ticket);
    }

    boolean take(int entry, long ticket) {
        return LONG.compareAndSet(bytes, QUEUE + Long.BYTES * entry, ticket, 0L);
    }

    long released(int slot) {
        return (long) LONG.getVolatile(bytes, RELEASED + Long.BYTES * slot);
    }

    void release(long ticket) {
        LONG.setVolatile(bytes, RELEASED + Long.BYTES * slot(ticket), ticket);
    }

    /** Client: counts a frame that took so long. */
    void countLatency(int bucket) {
        int at = LATENCIES + Long.BYTES * bucket;
        LONG.setOpaque(bytes, at, bytes.getLong(at) + 1);
    }

    LatencyCounts latencies() {
        LatencyCounts counts = new LatencyCounts();
        for (int bucket = 0; bucket < LatencyCounts.BUCKETS; bucket++) {
            counts.add(bucket, (long) LONG.getOpaque(bytes, LATENCIES + Long.BYTES * bucket));
        }
        return counts;
    }

    @Override
    public void close() {
        if (entry != null) {
            entry.close();
        }
        region.close();
    }
}
