/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A C program that the library is measured beside, compiled for this run and gone after it.
 *
 * @param directory of its own
 * @param path of the program
 */
record CProgram(Path directory, Path path) implements AutoCloseable {
    /** What the sources have in common. */
    private static final String HEADER = "peer.h";

    /** Compiles one of the sources beside this class with the system's {@code cc}. */
    static CProgram compile(String name) throws IOException {
        Path directory = Files.createTempDirectory("machframe-" + name);
        CProgram program = new CProgram(directory, directory.resolve(name));
        try {
            program.compileSource(name + ".c");
            return program;
        } catch (IOException e) {
            program.close();
            throw e;
        }
    }

    private void compileSource(String name) throws IOException {
        copyOut(HEADER);
        Path source = copyOut(name);
        Process compiler = new ProcessBuilder("cc", "-O2", "-pthread", "-o", path.toString(), source.toString())
                .inheritIO()
                .start();
        try {
            if (compiler.waitFor() != 0) {
                throw new IOException("cc could not compile " + name);
            }
        } catch (InterruptedException e) {
            compiler.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " was compiled", e);
        }
    }

    private Path copyOut(String name) throws IOException {
        Path copy = directory.resolve(name);
        try (InputStream text = CProgram.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IOException(name + " is missing from the program's resources");
            }
            Files.copy(text, copy);
        }
        return copy;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
