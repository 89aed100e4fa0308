/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import io.machframe.core.error.MachException;
import java.util.List;

/**
 * Small files in a directory of this user's alone, each of which counts as long as its writer lives and is removed when it
 * is found afterwards. Thread-safe.
 */
public interface LiveFiles extends AutoCloseable {
    /** The most bytes of a file. */
    int MAX_SIZE = 4096;

    /**
     * Writes a file that counts from now on. It is to be closed before this is.
     *
     * @param content at most {@link #MAX_SIZE} bytes
     * @throws MachException if the file cannot be made or written, with the limit that is in the way; nothing is left
     */
    Entry create(byte[] content) throws MachException;

    /** Returns what the files have whose writers live, which may be garbage; removes the others. */
    List<byte[]> read();

    @Override
    void close();

    /** A file that counts until it is closed or its process ends. */
    interface Entry extends AutoCloseable {
        /** Removes the file. Further calls do nothing. */
        @Override
        void close();
    }
}
