/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.KERN_NAME_EXISTS;
import static io.machframe.core.error.KernReturn.KERN_NO_SPACE;
import static io.machframe.core.error.KernReturn.KERN_RIGHT_EXISTS;
import static java.util.Objects.requireNonNull;

import io.machframe.core.platform.Mach;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** Set in every name. */
    private static final int NAME_BITS = 3;

    private final Map<Integer, PortEntry> entries = new HashMap<>();
    private final Map<Object, PortEntry> ports = new HashMap<>();
    private final ArrayDeque<Integer> freeNames = new ArrayDeque<>();
    private int lastIndex;
    private @Nullable Notifications notifications;

    /** Whom to tell what becomes of names. */
    void notifications(Notifications told) {
        notifications = told;
    }

    /** Something may have happened that was asked for. */
    synchronized void check() {
        requireNonNull(notifications).check();
    }

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

    /**
     * As {@link #require} for a release, which takes the same reference whether the port lives or died meanwhile: unless
     * somebody waits for its death, it is not worth a look at the port.
     */
    PortEntry requireAsItIs(int name) throws KernelException {
        PortEntry entry = peek(name);
        if (entry == null || entry.deadRequest != null || entry.sendOnce != null) {
            return require(name);
        }
        return entry;
    }

    /** Returns a copy of all that there is. */
    List<PortEntry> entries() {
        return new ArrayList<>(entries.values());
    }

    /** Returns what a name denotes without asking whether its port lives, which would cost a look at the port. */
    @Nullable
    PortEntry peek(int name) {
        PortEntry entry = entries.get(name);
        return entry == null || entry.type() == 0 ? null : entry;
    }

    /**
     * Adds a right to the name its port has, or gives it a name. {@code ipc_object_copyout} Takes over {@code end} on
     * success.
     */
    PortEntry insert(PortEnd end) throws KernelException {
        PortEntry known = nameOf(end);
        PortEntry entry = known != null ? known : newEntry(newName());
        insert(end, entry);
        return entry;
    }

    /**
     * Adds a right to the name that the caller wants it to have. {@code ipc_object_copyout_name} Takes over {@code end}
     * on success.
     */
    void insert(PortEnd end, int name) throws KernelException {
        PortEntry known = nameOf(end);
        if (known != null && known.name != name) {
            throw new KernelException(KERN_RIGHT_EXISTS);
        }
        insert(end, known != null ? known : newEntryAt(name));
    }

    /**
     * As {@link #insert(PortEnd)}, for a right that somebody sent. One to a port of this task is made anew: what a peer
     * made of it may lead elsewhere, and others shall get copies of it.
     */
    PortEntry insertArrived(PortEnd end) throws KernelException {
        PortEntry known = nameOf(end);
        if (known == null || known.receive == null) {
            return insert(end);
        }
        if (end instanceof ReceiveEnd) {
            throw new KernelException(KERN_RIGHT_EXISTS); // of two receive rights to one port a peer kept one back
        }
        insert(known.send != null ? known.send.retain() : known.receive.makeSend(), known);
        end.close();
        return known;
    }

    PortEntry insertSet(SetEnd end) throws KernelException {
        PortEntry entry = newEntry(newName());
        entry.set = new PortSet(end);
        return entry;
    }

    /** Returns the name of a port that this task receives from, or the null name. */
    int receiveName(ReceiveEnd end) {
        PortEntry entry = nameOf(end);
        return entry == null || entry.receive != end ? Mach.MACH_PORT_NULL : entry.name;
    }

    void destroySet(PortEntry entry) {
        PortSet set = entry.set;
        if (set != null) {
            entry.set = null;
            set.close();
            dropIfEmpty(entry);
        }
    }

    PortEntry insertDead() throws KernelException {
        PortEntry entry = newEntry(newName());
        entry.addDead(1);
        return entry;
    }

    /** Makes an entry that holds nothing yet under a name that the caller chose. */
    PortEntry newEntryAt(int name) throws KernelException {
        if ((name & NAME_BITS) != NAME_BITS) {
            throw new KernelException(KERN_INVALID_VALUE);
        }
        if (name >>> 8 == 0) {
            throw new KernelException(KERN_FAILURE);
        }
        if (entries.containsKey(name)) {
            throw new KernelException(KERN_NAME_EXISTS);
        }
        return newEntry(name);
    }

    private @Nullable PortEntry nameOf(PortEnd end) {
        Object identity = end.identity();
        return identity == null ? null : ports.get(identity);
    }

    /** Adds a right to an entry, which takes it over. */
    void insert(PortEnd end, PortEntry entry) {
        if (end instanceof ReceiveEnd receive) {
            entry.makeSendCount = 0;
            entry.context = 0;
            entry.guarded = false;
            entry.strict = false;
            receive.nextSequence(0);
            putBack(receive, entry);
        } else if (end.identity() == null) {
            entry.sendOnce = (SendEnd) end;
        } else {
            entry.addSend((SendEnd) end);
            requireNonNull(notifications).sendChanged(entry);
        }
        if (entry.identity == null) {
            know(entry, end.identity());
        }
    }

    /** Gives a send reference back to the name it came from, taking over {@code end}. */
    void giveBack(PortEntry entry, SendEnd end) {
        if (entry.deadRefs > 0) {
            end.close();
            entry.addDead(1);
        } else {
            entry.addSend(end);
            requireNonNull(notifications).sendChanged(entry);
        }
    }

    /** Takes a send reference out; the caller owns the end returned. */
    SendEnd takeSend(PortEntry entry) {
        SendEnd end = sendEnd(entry);
        if (entry.sendRefs == 1) {
            entry.sendRefs = 0;
            entry.send = null;
            requireNonNull(notifications).sendChanged(entry);
            dropIfEmpty(entry);
            return end;
        }
        if (entry.sendRefs < Mach.MACH_PORT_UREFS_MAX) {
            entry.sendRefs--;
        }
        return end.retain();
    }

    /** Takes the receive right out, if the entry holds one; the caller owns the end returned. */
    @Nullable
    ReceiveEnd takeReceive(PortEntry entry) {
        ReceiveEnd end = entry.receive;
        if (end != null) {
            PortSet.leaveAll(entry, end);
            if (end.hasSenders()) {
                end.requests().senderSeen();
            }
            requireNonNull(notifications).receiveReleased(entry);
            entry.receive = null;
            end.detach();
        }
        return end;
    }

    /** Gives a receive right back to the name it was taken from; what was set of it is as it was. */
    void putBack(ReceiveEnd end, PortEntry entry) {
        entry.receive = end;
        end.attach();
        requireNonNull(notifications).receiveHeld(entry, end);
        if (entry.identity == null) {
            know(entry, end.identity());
        }
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
        requireNonNull(notifications).sendChanged(entry);
        end.close();
        dropIfEmpty(entry);
    }

    /** Kills the port whose receive right this entry holds; send references under the name become dead ones. */
    void destroyReceive(PortEntry entry) {
        ReceiveEnd end = requireNonNull(notifications).handOver(entry) ? null : takeReceive(entry);
        if (end != null) {
            forget(entry);
            end.close();
            if (entry.sendRefs > 0) {
                toDead(entry);
            }
            requireNonNull(notifications).check();
        }
        dropIfEmpty(entry);
    }

    void dropIfEmpty(PortEntry entry) {
        if (entry.isEmpty() && entries.remove(entry.name, entry)) {
            forget(entry);
            freeNames.addLast(entry.name);
            requireNonNull(notifications).freed(entry);
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

    void convertIfDead(PortEntry entry) {
        if (entry.receive != null) {
            return;
        }
        if (entry.send != null && entry.send.isDead()) {
            toDead(entry);
        } else if (entry.sendOnce != null && entry.sendOnce.isDead()) {
            SendEnd once = entry.sendOnce;
            entry.sendOnce = null;
            requireNonNull(notifications).sendChanged(entry);
            once.close();
            entry.addDead(1);
            requireNonNull(notifications).died(entry);
        }
    }

    private void toDead(PortEntry entry) {
        SendEnd end = sendEnd(entry);
        forget(entry);
        entry.send = null;
        requireNonNull(notifications).sendChanged(entry);
        end.close();
        entry.addDead(entry.sendRefs);
        entry.sendRefs = 0;
        requireNonNull(notifications).died(entry);
    }

    private PortEntry newEntry(int name) {
        PortEntry entry = new PortEntry(name);
        entries.put(entry.name, entry);
        return entry;
    }

    /** A freed name comes back last and with another generation, so that a stale one meets nothing for long. */
    private int newName() throws KernelException {
        int name;
        do {
            name = lastIndex < 1024 || freeNames.isEmpty() ? nextName() : reusedName();
        } while (entries.containsKey(name)); // some are of the user's choice
        return name;
    }

    private int nextName() throws KernelException {
        if (lastIndex == MAX_INDEX) {
            throw new KernelException(KERN_NO_SPACE);
        }
        return (++lastIndex << 8) | NAME_BITS;
    }

    private int reusedName() {
        int name = freeNames.removeFirst();
        return (name & 0xffffff00) | ((name + 4) & 0xff);
    }
}
