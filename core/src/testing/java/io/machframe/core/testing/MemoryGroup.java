/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A control group in the one of this process, whose processes have little memory together. Gone when it is closed, which
 * is when they have ended.
 */
public final class MemoryGroup implements AutoCloseable {
    private final Path folder;

    private MemoryGroup(Path folder) {
        this.folder = folder;
    }

    /** Makes a group of version 1, whose processes may be in any group. */
    public static MemoryGroup ofBytes(long limit) throws IOException {
        Path parent = parent().orElseThrow();
        MemoryGroup group = new MemoryGroup(Files.createDirectory(
                parent.resolve("machframe-" + ProcessHandle.current().pid())));
        Files.writeString(group.folder.resolve("memory.limit_in_bytes"), Long.toString(limit));
        return group;
    }

    /** Returns the group of this process, if it can have others in it. */
    static Optional<Path> parent() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/cgroup"))) {
            return lines.map(line -> line.split(":", 3))
                    .filter(cells -> cells[1].equals("memory"))
                    .map(cells -> Path.of("/sys/fs/cgroup/memory" + cells[2]))
                    .filter(folder -> Files.isWritable(folder.resolve("cgroup.procs")))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns what starts a program in the group, for {@link ChildProcess#start}. */
    public List<String> prefix() {
        return List.of("sh", "-c", "echo $$ > " + folder.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
    }

    @Override
    public void close() throws IOException {
        Files.delete(folder);
    }
}
