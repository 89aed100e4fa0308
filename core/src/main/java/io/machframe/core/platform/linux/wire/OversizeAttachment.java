/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.memory.MemoryFile;
import org.jspecify.annotations.Nullable;

/**
 * What a packet has no space for: bytes go into a file, descriptors into packets of an overflow socket, whose other end is
 * sent. All of it is there before the packet leaves, and dies with it if no process receives it. Belongs to the parcel,
 * whose sender may have to try more than once.
 */
final class OversizeAttachment implements AutoCloseable {
    private int file = -1;
    private int overflow = -1;

    /** Returns a parcel's attachment, made now if it was not before, or null if the system has no space for it. */
    static @Nullable OversizeAttachment of(Parcel parcel, PacketWriter writer, SocketOptions sockets, int fdCount) {
        if (parcel.packing() instanceof OversizeAttachment packed) {
            return packed;
        }
        OversizeAttachment attachment = new OversizeAttachment();
        boolean filed = parcel.size() + parcel.extraSize() > WireLayout.MAX_PACKET;
        boolean packed = (!filed || attachment.packBytes(parcel))
                && (fdCount + (filed ? 1 : 0) <= WireLayout.MAX_FDS
                        || attachment.packFds(parcel, writer, sockets, fdCount));
        if (!packed) {
            attachment.close();
            return null;
        }
        parcel.packing(attachment);
        return attachment;
    }

    private boolean packBytes(Parcel parcel) {
        file = MemoryFile.open(MemoryFile.MESSAGES);
        return file >= 0
                && MemoryFile.write(file, parcel.buffer().address(), parcel.size())
                && (parcel.extraSize() == 0
                        || MemoryFile.write(file, parcel.extra().address(), parcel.extraSize()));
    }

    private boolean packFds(Parcel parcel, PacketWriter writer, SocketOptions sockets, int fdCount) {
        int[] pair = Descriptor.socketPair();
        if (pair == null) {
            return false;
        }
        int out = pair[0];
        overflow = pair[1];
        sockets.set(out, LibC.SO_SNDBUF, WireLayout.BUFFER_SIZE);
        int[] fds = writer.fds(parcel, fdCount);
        boolean sent = true;
        for (int from = 0; sent && from < fdCount; from += WireLayout.MAX_FDS) {
            sent = writer.sendFds(out, fds, from, Math.min(WireLayout.MAX_FDS, fdCount - from));
        }
        LibC.close(out);
        return sent;
    }

    boolean hasFile() {
        return file >= 0;
    }

    int flags() {
        return (file >= 0 ? WireLayout.FLAG_FILE : 0) | (overflow >= 0 ? WireLayout.FLAG_OVERFLOW : 0);
    }

    /** Returns the descriptors of the packet itself. */
    int[] fds(Parcel parcel, PacketWriter writer, int fdCount) {
        if (overflow >= 0) {
            return file >= 0 ? new int[] {file, overflow} : new int[] {overflow};
        }
        int[] rest = writer.fds(parcel, fdCount);
        int[] all = new int[fdCount + 1];
        all[0] = file;
        System.arraycopy(rest, 0, all, 1, fdCount);
        return all;
    }

    @Override
    public void close() {
        if (file >= 0) {
            LibC.close(file);
        }
        if (overflow >= 0) {
            LibC.close(overflow);
        }
    }
}
