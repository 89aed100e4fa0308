/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.linux.libc.LibC;
import java.nio.ByteBuffer;

/** Options of sockets, and what the kernel tells of them. Not thread-safe: {@link Wire} has one for each thread. */
public final class SocketOptions {
    /** A power of two. */
    private static final int KNOWN_QUEUES = 256;

    private final NativeScratch scratch;
    private final long[] knownQueues = new long[KNOWN_QUEUES];

    SocketOptions(NativeScratch scratch) {
        this.scratch = scratch;
    }

    /** Returns an int option of a socket, or -1 if the descriptor is no socket. */
    public int get(int socket, int option) {
        return fails(socket, option, 4) ? -1 : scratch.memory.getInt(NativeScratch.OPTION);
    }

    public void set(int socket, int option, int value) {
        scratch.memory.putInt(NativeScratch.OPTION, value);
        LibC.setsockopt(socket, LibC.SOL_SOCKET, option, scratch.address + NativeScratch.OPTION, 4);
    }

    /** Returns the number the kernel gave a socket, the same for all its descriptors in all processes; 0 if it is none. */
    public long cookie(int socket) {
        return fails(socket, LibC.SO_COOKIE, 8) ? 0 : scratch.memory.getLong(NativeScratch.OPTION);
    }

    /** Returns the user at the other side of a connected socket, or -1. */
    public int peerUser(int socket) {
        return fails(socket, LibC.SO_PEERCRED, 12) ? -1 : scratch.memory.getInt(NativeScratch.OPTION + 4);
    }

    /** Returns whether a descriptor is a socket such as queues are made of. */
    public boolean isQueueEnd(int fd) {
        return isQueueEnd(fd, cookie(fd));
    }

    /**
     * Returns whether a descriptor is a socket such as queues are made of.
     *
     * @param cookie its {@link #cookie}; no two sockets ever have one, so it is asked once
     */
    public boolean isQueueEnd(int fd, long cookie) {
        int slot = (int) cookie & knownQueues.length - 1;
        if (cookie == 0 || knownQueues[slot] == cookie) {
            return cookie != 0;
        }
        boolean queue = get(fd, LibC.SO_DOMAIN) == LibC.AF_UNIX && get(fd, LibC.SO_TYPE) == LibC.SOCK_SEQPACKET;
        if (queue) {
            knownQueues[slot] = cookie;
        }
        return queue;
    }

    /** Returns how many bytes a pipe holds. */
    public int available(int pipe) {
        return pending(pipe, LibC.FIONREAD);
    }

    /** Returns how many bytes were sent that the other side of a socket did not receive yet. */
    int unread(int socket) {
        return pending(socket, LibC.TIOCOUTQ);
    }

    private int pending(int fd, long request) {
        ByteBuffer memory = scratch.memory;
        memory.putInt(NativeScratch.OPTION, 0);
        return LibC.ioctl(fd, request, scratch.address + NativeScratch.OPTION) < 0
                ? 0
                : memory.getInt(NativeScratch.OPTION);
    }

    private boolean fails(int socket, int option, int size) {
        scratch.memory.putInt(NativeScratch.OPTION + 16, size);
        long value = scratch.address + NativeScratch.OPTION;
        return LibC.getsockopt(socket, LibC.SOL_SOCKET, option, value, value + 16) < 0;
    }
}
