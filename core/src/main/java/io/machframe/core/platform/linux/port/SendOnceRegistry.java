/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The send-once rights of a port that were not used yet: the number of each, by which it is admitted once, and the read
 * end of its pipe.
 *
 * <p>The right's holder has the pipe's write end, so the pipe hangs up when the right is gone: used, with its message in
 * the queue; dropped, with a notice in the queue; or lost with a process or a message that was destroyed, and then there
 * is nothing in the queue. Guarded by the receive end it belongs to.
 */
final class SendOnceRegistry {
    private final Map<Integer, Integer> pipes = new LinkedHashMap<>();

    /** Those registered for a notification. Thread-safe. */
    private final Set<Integer> registered = ConcurrentHashMap.newKeySet();

    /** Receive rights in escrow: copies, for when the right of that number is lost with the process that held both. */
    private final Map<Integer, SocketReceiveEnd> escrow = new ConcurrentHashMap<>();

    private MessageBuffer pollfds = NativeMemory.allocate(8);

    /** Makes a right and returns it. Takes ownership of {@code queue}, whatever happens. */
    SocketOnceEnd make(int queue) throws KernelException {
        int[] pipe = Descriptor.pipe(0);
        if (pipe == null) {
            int errno = LibC.errno();
            LibC.close(queue);
            throw Errno.failure(errno);
        }
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt();
        } while (id == 0 || pipes.containsKey(id));
        pipes.put(id, pipe[0]);
        return new SocketOnceEnd(queue, pipe[1], id, this, false);
    }

    /** Takes ownership of the pipe of a right that was made elsewhere; not if there is one of that number. */
    boolean adopt(int id, int pipe) {
        return id != 0 && pipes.putIfAbsent(id, pipe) == null;
    }

    /** Returns all numbers, those registered for a notification first. */
    List<Integer> ids() {
        List<Integer> ids = new ArrayList<>(pipes.keySet());
        ids.sort(Comparator.comparing(id -> !registered.contains(id)));
        return ids;
    }

    /** What is sent through this right may be a notification of another process's kernel. */
    void registered(int id) {
        registered.add(id);
    }

    boolean isRegistered(int id) {
        return registered.contains(id);
    }

    int countRegistered() {
        return (int) pipes.keySet().stream().filter(registered::contains).count();
    }

    int count() {
        return pipes.size();
    }

    boolean isEmpty() {
        return pipes.isEmpty();
    }

    boolean contains(int id) {
        return pipes.containsKey(id);
    }

    /** A receive right leaves that is to come back through the right of that number. Takes ownership of a copy of it. */
    void putInEscrow(int id, SocketReceiveEnd copy) {
        SocketReceiveEnd other = escrow.put(id, copy);
        if (other != null) {
            other.close();
        }
    }

    /** Returns what is in escrow for the right of that number, the caller's to close, or null. */
    @Nullable
    SocketReceiveEnd takeFromEscrow(int id) {
        return escrow.remove(id);
    }

    /** Copies all rights. What cannot be copied for want of descriptors is left out. */
    void copyTo(SendOnceRegistry other) {
        pipes.forEach((id, pipe) -> {
            int copy = Descriptor.duplicate(pipe);
            if (copy >= 0 && !other.adopt(id, copy)) {
                LibC.close(copy);
            }
        });
    }

    /** Returns the pipe of a right. */
    int pipe(int id) {
        return pipes.getOrDefault(id, -1);
    }

    /** Returns all pipes, for waiting on them. */
    int[] allPipes() {
        return pipes.values().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The right is used up. */
    void remove(int id) {
        registered.remove(id);
        SocketReceiveEnd copy = escrow.remove(id);
        if (copy != null) {
            copy.close(); // the right itself was reported, or is on its way
        }
        Integer pipe = pipes.remove(id);
        if (pipe != null) {
            LibC.close(pipe);
        }
    }

    /** Returns how many rights are gone: each of them has, or shall have, one message in the queue. */
    int countGone() {
        return pipes.isEmpty() ? 0 : poll();
    }

    /** Returns a right that is gone, or 0. */
    int firstGone() {
        if (pipes.isEmpty() || poll() == 0) {
            return 0;
        }
        int at = 0;
        for (int id : pipes.keySet()) {
            if (pollfds.bytes().getShort(at + 6) != 0) {
                return id;
            }
            at += 8;
        }
        return 0;
    }

    private int poll() {
        if (pollfds.capacity() < 8 * pipes.size()) {
            pollfds = NativeMemory.allocate(16 * pipes.size());
        }
        int at = 0;
        for (int pipe : pipes.values()) {
            pollfds.bytes().putInt(at, pipe).putInt(at + 4, 0);
            at += 8;
        }
        return Math.max(LibC.poll(pollfds.address(), pipes.size(), 0), 0);
    }

    void close() {
        escrow.values().forEach(SocketReceiveEnd::close);
        escrow.clear();
        pipes.values().forEach(LibC::close);
        pipes.clear();
    }
}
