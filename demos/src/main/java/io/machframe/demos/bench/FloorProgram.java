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

/** The two C programs that the library is measured beside, compiled for this run and gone after it. */
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

    /** Compiles the program with the system's {@code cc}. */
    static FloorProgram compile() throws IOException {
        FloorProgram floor = new FloorProgram(Files.createTempDirectory("machframe-floor"));
        try {
            floor.compileProgram();
            return floor;
        } catch (IOException e) {
            floor.close();
            throw e;
        }
    }

    /** Starts two of it; with a size to touch they share so much memory. */
    Pair start(FrameSize size, boolean touch) throws IOException {
        pairs++;
        String socket = directory.resolve("socket" + pairs).toString();
        String file = memory + "-" + pairs;
        List<String> pages = touch ? List.of(file, "" + size.bytes()) : List.of();
        Peer publisher = Peer.start("C publisher", command("publisher", socket, pages));
        try {
            return new Pair(publisher, Peer.start("C consumer", command("consumer", socket, pages)));
        } catch (IOException e) {
            publisher.close();
            throw e;
        } finally {
            Files.deleteIfExists(Path.of(file));
        }
    }

    private List<String> command(String role, String socket, List<String> pages) {
        List<String> command = new ArrayList<>(List.of(program.toString(), role, socket));
        command.addAll(pages);
        return command;
    }

    private void compileProgram() throws IOException {
        Path source = directory.resolve("floor.c");
        try (InputStream text = FloorProgram.class.getResourceAsStream("floor.c")) {
            if (text == null) {
                throw new IOException("floor.c is missing from the program's resources");
            }
            Files.copy(text, source);
        }
        Process compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
                .inheritIO()
                .start();
        try {
            if (compiler.waitFor() != 0) {
                throw new IOException("cc could not compile floor.c");
            }
        } catch (InterruptedException e) {
            compiler.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while floor.c was compiled", e);
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
