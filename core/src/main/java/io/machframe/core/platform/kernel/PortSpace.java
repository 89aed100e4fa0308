/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_NO_SPACE;

import io.machframe.core.platform.Mach;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of one task and what they denote. Send and receive rights to one port share one name, send-once rights and
 * dead names have their own.
 *
 * <p>Not thread-safe: every method is called with this object's monitor held.
 */
final class PortSpace {
    /** The index takes 24 bits of a name; 0 is never used, so a name is neither null nor dead. */
    private static final int MAX_INDEX = 0xfffffe;

    private final Map<Integer, PortEntry> entries = new HashMap<>();
    private final Map<Object, PortEntry> ports = new HashMap<>();
    private final ArrayDeque<Integer> freeNames = new ArrayDeque<>();
    private int lastIndex;

    /** Returns what a name denotes now, or null; a right whose port died meanwhile becomes a dead name first. */
    @Nullable
    PortEntry find(int name) {
        PortEntry entry = entries.get(name);
        if (entry != null) {
            convertIfDead(entry);
        }
        return entry == null || entry.type() == 0 ? null : entry;
    }

    PortEntry require(int name) throws KernelException {
        PortEntry entry = find(name);
        if (entry == null) {
            throw new KernelException(KERN_INVALID_NAME);
        }
        return entry;
    }

    /** Returns what a name denotes without asking whether its port lives, which would cost a look at the port. */
    @Nullable
    PortEntry peek(int name) {
        PortEntry entry = entries.get(name);
        return entry == null || entry.type() == 0 ? null : entry;
    }

    PortEntry insertReceive(ReceiveEnd end) throws KernelException {
        PortEntry entry = newEntry();
        entry.receive = end;
        know(entry, end.identity());
        return entry;
    }

    /** Adds a send reference to the port's name, or gives the port a name. Takes over {@code end}. */
    PortEntry insertSend(SendEnd end) throws KernelException {
        Object identity = end.identity();
        PortEntry entry = identity == null ? null : ports.get(identity);
        if (entry == null) {
            entry = newEntry();
            know(entry, identity);
        }
        entry.addSend(end);
        return entry;
    }

    PortEntry insertSendOnce(SendEnd end) throws KernelException {
        PortEntry entry = newEntry();
        entry.sendOnce = end;
        return entry;
    }

    PortEntry insertDead() throws KernelException {
        PortEntry entry = newEntry();
        entry.addDead(1);
        return entry;
    }

    /** Gives a send reference back to the name it came from, taking over {@code end}. */
    void giveBack(PortEntry entry, SendEnd end) {
        if (entry.deadRefs > 0) {
            end.close();
            entry.addDead(1);
        } else {
            entry.addSend(end);
        }
    }

    /** Takes a send reference out; the caller owns the end returned. */
    SendEnd takeSend(PortEntry entry) {
        SendEnd end = sendEnd(entry);
        if (entry.sendRefs == 1) {
            entry.sendRefs = 0;
            entry.send = null;
            dropIfEmpty(entry);
            return end;
        }
        if (entry.sendRefs < Mach.MACH_PORT_UREFS_MAX) {
            entry.sendRefs--;
        }
        return end.retain();
    }

    /** Takes one reference of a dead name. A count at its maximum stays there. */
    void takeDead(PortEntry entry) {
        if (entry.deadRefs < Mach.MACH_PORT_UREFS_MAX) {
            entry.deadRefs--;
        }
        dropIfEmpty(entry);
    }

    /** Releases all send references of an entry. */
    void dropSend(PortEntry entry) {
        SendEnd end = sendEnd(entry);
        entry.sendRefs = 0;
        entry.send = null;
        end.close();
        dropIfEmpty(entry);
    }

    /** Kills the port whose receive right this entry holds; send references under the name become dead ones. */
    void destroyReceive(PortEntry entry) {
        ReceiveEnd end = entry.receive;
        if (end == null) {
            return;
        }
        entry.receive = null;
        forget(entry);
        end.close();
        if (entry.sendRefs > 0) {
            toDead(entry);
        }
        dropIfEmpty(entry);
    }

    void dropIfEmpty(PortEntry entry) {
        if (entry.isEmpty() && entries.remove(entry.name, entry)) {
            forget(entry);
            freeNames.addLast(entry.name);
        }
    }

    private static SendEnd sendEnd(PortEntry entry) {
        SendEnd end = entry.send;
        if (end == null) {
            throw new IllegalStateException("the name holds no send right");
        }
        return end;
    }

    private void know(PortEntry entry, @Nullable Object identity) {
        entry.identity = identity;
        if (identity != null) {
            ports.put(identity, entry);
        }
    }

    /** The name does not denote its port any more. */
    private void forget(PortEntry entry) {
        if (entry.identity != null) {
            ports.remove(entry.identity, entry);
            entry.identity = null;
        }
    }

    private void convertIfDead(PortEntry entry) {
        if (entry.receive != null) {
            return;
        }
        if (entry.send != null && entry.send.isDead()) {
            toDead(entry);
        } else if (entry.sendOnce != null && entry.sendOnce.isDead()) {
            entry.sendOnce.close();
            entry.sendOnce = null;
            entry.addDead(1);
        }
    }

    private void toDead(PortEntry entry) {
        SendEnd end = sendEnd(entry);
        forget(entry);
        end.close();
        entry.send = null;
        entry.addDead(entry.sendRefs);
        entry.sendRefs = 0;
    }

    private PortEntry newEntry() throws KernelException {
        PortEntry entry = new PortEntry(newName());
        entries.put(entry.name, entry);
        return entry;
    }

    /** A freed name comes back last and with another generation, so that a stale one meets nothing for long. */
    private int newName() throws KernelException {
        if (lastIndex < 1024 || freeNames.isEmpty()) {
            if (lastIndex == MAX_INDEX) {
                throw new KernelException(KERN_NO_SPACE);
            }
            return (++lastIndex << 8) | 3;
        }
        int name = freeNames.removeFirst();
        return (name & 0xffffff00) | ((name + 4) & 0xff);
    }
}
