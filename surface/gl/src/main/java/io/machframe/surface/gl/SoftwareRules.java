/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.layout.Alignment;
import io.machframe.surface.memory.ExportedMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What must be true of memory that Mesa's software OpenGL draws into, which it does not check: it stores 16 bytes at a
 * time, and blocks of 4x4 texels whole. Memory that is otherwise ends the process with SIGSEGV.
 */
final class SoftwareRules {
    private static final int STORE = 16;
    private static final int BLOCK_ROWS = 4;
    private static final int PAGE = 4096;

    private SoftwareRules() {}

    /** Throws {@link GlException} if a plane is not safe. */
    static void check(ExportedMemory memory, int index, PlaneTexels plane, boolean toDraw) throws GlException {
        check(memory.planes().get(index).offset(), plane, toDraw, room(memory));
    }

    /**
     * Returns how much of the memory there is to use: what follows the surface's last page is others', as its attachments.
     */
    private static long room(ExportedMemory memory) throws GlException {
        return Math.min(Alignment.up(memory.size(), PAGE), Alignment.up(fileSize(memory.descriptor()), PAGE));
    }

    static void check(long offset, PlaneTexels plane, boolean toDraw, long room) throws GlException {
        if (offset > Integer.MAX_VALUE) {
            throw new GlException("the plane begins " + offset + " bytes into the memory, more than EGL can say");
        }
        if (offset % STORE != 0) {
            throw new GlException("the plane begins at " + offset + ", which is no multiple of " + STORE);
        }
        if (plane.bytesPerRow() % STORE != 0) {
            throw new GlException("its rows have " + plane.bytesPerRow() + " bytes, no multiple of " + STORE);
        }
        long rows = toDraw ? rowsToDraw(plane.height()) : plane.height();
        long end = offset + rows * plane.bytesPerRow();
        if (end > room) {
            throw new GlException("to be drawn into, the plane needs memory for " + rows + " rows, up to " + end
                    + "; there are " + room + " bytes");
        }
    }

    /** Returns how many rows of memory a plane of some rows needs to be drawn into. */
    static long rowsToDraw(long rows) {
        return Alignment.up(rows, BLOCK_ROWS);
    }

    static long fileSize(int descriptor) throws GlException {
        try {
            return Files.size(Path.of("/proc/self/fd/" + descriptor));
        } catch (IOException e) {
            throw new GlException("the size of the memory cannot be read: " + e.getMessage(), e);
        }
    }
}
