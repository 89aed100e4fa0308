/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A C program that the library is measured beside, compiled for this run and gone after it. */
final class FloorProgram implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Path program;
    private final Path memory;
    private int pairs;

    private FloorProgram(Path directory) {
        this.directory = directory;
        this.program = directory.resolve("floor");
        Path shared = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : directory;
        this.memory = shared.resolve(directory.getFileName());
    }

    /** Compiles a source of this package with the system's {@code cc}. */
    static FloorProgram compile(String source) throws IOException {
        FloorProgram floor = new FloorProgram(Files.createTempDirectory("machframe-floor"));
        try {
            floor.compileProgram(source);
            return floor;
        } catch (IOException e) {
            floor.close();
            throw e;
        }
    }

    /** Starts two of it; with a size to touch they share so much memory. */
    Pair start(FrameSize size, boolean touch) throws IOException {
        String file = memory + "-" + pairs;
        try {
            return start(touch ? List.of(file, "" + size.bytes()) : List.of());
        } finally {
            Files.deleteIfExists(Path.of(file));
        }
    }

    /** Starts two of it that are connected to each other. */
    Pair start(List<String> arguments) throws IOException {
        String socket = directory.resolve("socket" + pairs++).toString();
        Peer publisher = Peer.start("C publisher", command("publisher", socket, arguments));
        try {
            return new Pair(publisher, Peer.start("C consumer", command("consumer", socket, arguments)));
        } catch (IOException e) {
            publisher.close();
            throw e;
        }
    }

    /** Starts one of it. */
    Peer start(String role) throws IOException {
        return Peer.start("C " + role, List.of(program.toString(), role));
    }

    private List<String> command(String role, String socket, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), role, socket));
        command.addAll(arguments);
        return command;
    }

    private void compileProgram(String name) throws IOException {
        Path source = directory.resolve(name);
        try (InputStream text = FloorProgram.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IOException(name + " is missing from the program's resources");
            }
            Files.copy(text, source);
        }
        Process compiler = new ProcessBuilder("cc", "-O2", "-pthread", "-o", program.toString(), source.toString())
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
