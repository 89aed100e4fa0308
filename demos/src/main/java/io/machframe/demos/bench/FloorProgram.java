/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The two C programs that the library is measured beside, compiled for this run and gone after it. */
final class FloorProgram implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final CProgram program;
    private final Path memory;
    private int pairs;

    private FloorProgram(CProgram program) {
        this.program = program;
        Path shared = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : program.directory();
        this.memory = shared.resolve(program.directory().getFileName());
    }

    /** Compiles the program with the system's {@code cc}. */
    static FloorProgram compile() throws IOException {
        return new FloorProgram(CProgram.compile("floor"));
    }

    /** Starts two of it; with a size to touch they share so much memory. */
    Pair start(FrameSize size, boolean touch) throws IOException {
        pairs++;
        String socket = program.directory().resolve("socket" + pairs).toString();
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
        List<String> command = new ArrayList<>(List.of(program.path().toString(), role, socket));
        command.addAll(pages);
        return command;
    }

    @Override
    public void close() {
        program.close();
    }
}
