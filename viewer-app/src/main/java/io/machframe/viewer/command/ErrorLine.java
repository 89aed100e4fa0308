/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What to tell a user of an exception: one line. */
final class ErrorLine {
    private ErrorLine() {}

    static String of(Throwable e) {
        if (e instanceof UncheckedIOException && e.getCause() != null) {
            return of(e.getCause());
        }
        if (e instanceof FileSystemException file) {
            return file.getFile() + ": " + reason(file);
        }
        if (e instanceof LinkageError) {
            Throwable root = root(e);
            return "native code cannot be loaded: " + first(root.getMessage() == null ? "" + root : root.getMessage());
        }
        String line = first(e.getMessage() == null ? "" : e.getMessage());
        boolean expected = e instanceof IOException || e instanceof IllegalArgumentException;
        return expected && !line.isEmpty() ? line : "unexpected " + e.getClass().getSimpleName() + ": " + line;
    }

    /** Returns the first line of a text. */
    static String first(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Returns the cause that has no cause. */
    static Throwable root(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : root(cause);
    }

    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof NotDirectoryException) {
            return "is not a directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "is in the way";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
}
