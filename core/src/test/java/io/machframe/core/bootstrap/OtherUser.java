/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import io.machframe.core.testing.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A user without any rights, and a copy of the class path where that user can read it. */
final class OtherUser {
    /** Nobody, on every Linux. */
    static final int ID = 65534;

    private final String classPath;

    /** @param copies a folder that is not there yet, in one that everybody may enter */
    OtherUser(Path copies) throws IOException {
        List<String> entries = new ArrayList<>();
        Files.createDirectory(copies);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path original = Path.of(entry);
            if (!entry.isEmpty() && Files.exists(original)) {
                Path copy = copies.resolve(entries.size() + "-" + original.getFileName());
                copy(original, copy);
                entries.add(copy.toString());
            }
        }
        classPath = String.join(File.pathSeparator, entries);
    }

    /** Starts a class's main method as that user, with names in {@code directory}. */
    ChildProcess start(Path directory, Class<?> main) throws IOException {
        String id = Integer.toString(ID);
        return ChildProcess.start(
                List.of(
                        "setpriv",
                        "--reuid=" + id,
                        "--regid=" + id,
                        "--clear-groups",
                        "env",
                        "MACHFRAME_RUNTIME_DIR=" + directory),
                classPath,
                main);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
