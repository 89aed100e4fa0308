/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.layout.SurfaceProperties;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A page of memory that the server shares with one client: the newest frame waits in it until the client takes it or a
 * newer one replaces it. So a slow client costs nothing and always gets the newest.
 *
 * <pre>
 *     0  magic (4)
 *     8  1 when the server closed the stream (8)
 *    16  sequence of the first frame the client could have got (8)
 *    64  newest: the ticket of the frame that waits, 0 if none
 *   128  confirmed: the ticket of the last frame the client took and then gave back, or counts as in use
 *   256  64 bytes for each slot of the pool: sequence (8), time stamp (8), time of publishing (8)
 * </pre>
 *
 * <p>A ticket is a frame's number from 1 on, times 256, plus the slot of its surface. A surface must not be written
 * again from the moment its ticket is put here until it is replaced, or taken and confirmed; from then on its use count
 * tells. So a client that gives each frame back before it takes the next never makes the system calls that counting
 * costs. A client that writes nonsense here harms the frames that it sees itself, nobody else's.
 */
final class Mailbox implements AutoCloseable {
    static final int MAX_SLOTS = 32;

    private static final int MAGIC_VALUE = 0x3142464d;
    private static final int MAGIC = 0;
    private static final int ENDED = 8;
    private static final int FIRST = 16;
    private static final int NEWEST = 64;
    private static final int CONFIRMED = 128;
    private static final int SLOTS = 256;
    private static final int SLOT_SIZE = 64;
    private static final int SEQUENCE = 0;
    private static final int PTS = 8;
    private static final int PUBLISHED = 16;
    private static final int SIZE = 4096;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final IOSurface memory;
    private final SurfaceLock lock;
    private final ByteBuffer bytes;

    /** Takes over the memory. */
    private Mailbox(IOSurface memory) {
        this.memory = memory;
        this.lock = memory.lock();
        this.bytes = lock.buffer();
    }

    static Mailbox create() throws MachException {
        Mailbox mailbox = new Mailbox(IOSurface.create(SurfaceProperties.ofSize(SIZE)));
        mailbox.bytes.putInt(MAGIC, MAGIC_VALUE);
        return mailbox;
    }

    /** Opens the mailbox that a server sent. */
    static Mailbox open(SendRight port) throws MachException {
        IOSurface memory = IOSurface.fromMachPort(port);
        if (memory.layout().allocSize() < SIZE) {
            memory.close();
            throw Protocol.violation("what it sent is too small to be a mailbox");
        }
        Mailbox mailbox = new Mailbox(memory);
        if (mailbox.bytes.getInt(MAGIC) != MAGIC_VALUE) {
            mailbox.close();
            throw Protocol.violation("what it sent is no mailbox");
        }
        return mailbox;
    }

    SendRight createMachPort() throws MachException {
        return memory.createMachPort();
    }

    static long ticket(long sequence, int slot) {
        return ((sequence + 1) << 8) | slot;
    }

    static int slot(long ticket) {
        return (int) (ticket & 0xff);
    }

    /** Server: says with which frame the stream begins for this client. */
    void begin(long sequence) {
        LONG.setVolatile(bytes, FIRST, sequence);
    }

    /** Client: the sequence of the first frame it could have got. */
    long first() {
        return (long) LONG.getVolatile(bytes, FIRST);
    }

    /** Server: puts a frame for the client and returns the ticket it replaces, 0 if the client took that before. */
    long put(long ticket, long sequence, long ptsNanos, long publishedNanos) {
        int at = SLOTS + slot(ticket) * SLOT_SIZE;
        bytes.putLong(at + SEQUENCE, sequence);
        bytes.putLong(at + PTS, ptsNanos);
        bytes.putLong(at + PUBLISHED, publishedNanos);
        return (long) LONG.getAndSet(bytes, NEWEST, ticket);
    }

    /** Server: the ticket that waits, 0 if none. */
    long waiting() {
        return (long) LONG.getVolatile(bytes, NEWEST);
    }

    /** Server: the last ticket that the client needs no more, because it gave the frame back or counts it as in use. */
    long confirmed() {
        return (long) LONG.getVolatile(bytes, CONFIRMED);
    }

    /** Server: tells the client that no frame follows. */
    void end() {
        LONG.setVolatile(bytes, ENDED, 1L);
    }

    /** Client: takes the newest frame's ticket out; 0 if none waits. */
    long take() {
        return (long) LONG.getAndSet(bytes, NEWEST, 0L);
    }

    /** Client: lets the server know that the frame of a taken ticket was given back, or is counted as in use. */
    void confirm(long ticket) {
        LONG.setVolatile(bytes, CONFIRMED, ticket);
    }

    boolean hasEnded() {
        return (long) LONG.getVolatile(bytes, ENDED) != 0;
    }

    long sequence(int slot) {
        return bytes.getLong(SLOTS + slot * SLOT_SIZE + SEQUENCE);
    }

    long ptsNanos(int slot) {
        return bytes.getLong(SLOTS + slot * SLOT_SIZE + PTS);
    }

    long publishedNanos(int slot) {
        return bytes.getLong(SLOTS + slot * SLOT_SIZE + PUBLISHED);
    }

    @Override
    public void close() {
        lock.close();
        memory.close();
    }
}
