/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C program of which two are started, connected to each other, to do what two of ours do. */
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

    /** Compiles one of the sources beside this class, as {@link CProgram#compile}. */
    static FloorProgram compile(String name) throws IOException {
        return new FloorProgram(CProgram.compile(name));
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

    /** Starts two of it. */
    Pair start(List<String> arguments) throws IOException {
        String socket = program.directory().resolve("socket" + pairs++).toString();
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
        return Peer.start("C " + role, List.of(program.path().toString(), role));
    }

    private List<String> command(String role, String socket, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.path().toString(), role, socket));
        command.addAll(arguments);
        return command;
    }

    @Override
    public void close() {
        program.close();
    }
}
