/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file being written beside the one that it will replace, so that no reader ever sees half of it. */
final class FileReplacement implements AutoCloseable {
    private final Path target;
    private final Path temporary;

    /** Starts to replace {@code target}, whose directory is made if need be. */
    FileReplacement(Path target) throws IOException {
        this.target = target.toAbsolutePath();
        Path directory = this.target.resolveSibling("");
        Files.createDirectories(directory);
        String writer = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        temporary = directory.resolve("." + this.target.getFileName() + "." + writer + ".part");
    }

    /** Returns where to write. */
    Path temporary() {
        return temporary;
    }

    /** Puts what was written in the place of the target. */
    void commit() throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes what was written, unless it was committed. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }
}
