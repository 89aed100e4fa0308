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

    /**
     * Begins to tell of files that appear, are replaced, or go, their writers' deaths included.
     *
     * @param watcher is called from then on by a thread that all else waits for, so must not wait itself
     * @throws MachException if the system cannot watch one directory more, with the limit that is in the way
     */
    Watch watch(Watcher watcher) throws MachException;

    @Override
    void close();

    /** Told that there is something to {@link LiveFiles#read}. */
    interface Watcher {
        /** Some files may have appeared, or others gone. */
        void changed();

        /** The directory itself is gone: nothing follows, and what is written anew is in another. */
        void lost();
    }

    /** Ends the telling, at once or after the call that is under way. Needs this object no more. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** A file that counts until it is closed or its process ends. */
    interface Entry extends AutoCloseable {
        /**
         * Replaces what the file has, in one step: a reader sees the one or the other.
         *
         * @throws MachException as {@link LiveFiles#create}; the file then is as it was
         */
        void replace(byte[] content) throws MachException;

        /** Removes the file. Further calls do nothing. */
        @Override
        void close();
    }
}
