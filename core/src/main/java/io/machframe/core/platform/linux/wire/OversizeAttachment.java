/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.MemoryFile;
import org.jspecify.annotations.Nullable;

/**
 * What a packet has no room for: bytes go into a file, descriptors into packets of a socket whose other end travels. All
 * of it is there before the packet leaves, and dies with it if nobody receives it. Belongs to the parcel, whose sender
 * may have to try more than once.
 */
final class OversizeAttachment implements AutoCloseable {
    private int file = -1;
    private int carrier = -1;

    /** Returns a parcel's freight, packed now if it was not before, or null if there is no room for it. */
    static @Nullable OversizeAttachment of(Parcel parcel, Wire wire, int fdCount) {
        if (parcel.packing() instanceof OversizeAttachment packed) {
            return packed;
        }
        OversizeAttachment freight = new OversizeAttachment();
        boolean filed = parcel.size() + parcel.extraSize() > WireLayout.MAX_PACKET;
        boolean packed = (!filed || freight.packBytes(parcel))
                && (fdCount + (filed ? 1 : 0) <= WireLayout.MAX_FDS || freight.packFds(parcel, wire, fdCount));
        if (!packed) {
            freight.close();
            return null;
        }
        parcel.packing(freight);
        return freight;
    }

    private boolean packBytes(Parcel parcel) {
        file = MemoryFile.open(MemoryFile.MESSAGES);
        return file >= 0
                && MemoryFile.write(file, parcel.buffer().address(), parcel.size())
                && (parcel.extraSize() == 0
                        || MemoryFile.write(file, parcel.extra().address(), parcel.extraSize()));
    }

    private boolean packFds(Parcel parcel, Wire wire, int fdCount) {
        MessageBuffer pair = NativeMemory.allocate(8);
        if (LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, pair.address()) < 0) {
            return false;
        }
        int out = pair.bytes().getInt(0);
        carrier = pair.bytes().getInt(4);
        wire.option(out, LibC.SO_SNDBUF, WireLayout.BUFFER_SIZE);
        int[] fds = wire.fds(parcel, fdCount);
        boolean sent = true;
        for (int from = 0; sent && from < fdCount; from += WireLayout.MAX_FDS) {
            sent = wire.sendFds(out, fds, from, Math.min(WireLayout.MAX_FDS, fdCount - from));
        }
        LibC.close(out);
        return sent;
    }

    boolean hasFile() {
        return file >= 0;
    }

    int flags() {
        return (file >= 0 ? WireLayout.FLAG_FILE : 0) | (carrier >= 0 ? WireLayout.FLAG_OVERFLOW : 0);
    }

    /** Returns the descriptors of the packet itself. */
    int[] fds(Parcel parcel, Wire wire, int fdCount) {
        if (carrier >= 0) {
            return file >= 0 ? new int[] {file, carrier} : new int[] {carrier};
        }
        int[] rest = wire.fds(parcel, fdCount);
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
        if (carrier >= 0) {
            LibC.close(carrier);
        }
    }
}
