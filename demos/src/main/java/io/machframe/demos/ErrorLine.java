/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine.ParameterException;

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
        String message = e.getMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        boolean expected =
                e instanceof IOException || e instanceof IllegalArgumentException || e instanceof ParameterException;
        return expected && !line.isEmpty() ? line : "unexpected " + e.getClass().getSimpleName() + ": " + line;
    }

    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof NotDirectoryException) {
            return "is no directory";
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
