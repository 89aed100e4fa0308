/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much more memory this process may have, as far as the system tells. To be asked before shared memory is made: for
 * who takes more than the machine or a control group, as containers are, has left, the kernel has no error but SIGKILL.
 *
 * <p>What cannot be read does not count as a limit. Others may take the memory between the question and its use.
 */
final class MemoryHeadroom {
    /** This machine's. */
    static final MemoryHeadroom HERE = new MemoryHeadroom(Path.of("/proc"), Path.of("/sys/fs/cgroup"));

    /** What asking costs is not worth it for less. */
    static final long WORTH_ASKING = 1 << 20;

    /** What is left for the other needs of this process and of others. */
    private static final long RESERVE = 16 << 20;

    private static final int KIBIBYTE = 10;

    private final Path machine;
    private final List<Group> groups = new ArrayList<>();

    MemoryHeadroom(Path processes, Path controlGroups) {
        machine = processes.resolve("meminfo");
        for (String line : text(processes.resolve("self/cgroup")).split("\n", -1)) {
            String[] cells = line.split(":", 3); // number, controllers, path
            if (cells.length == 3 && cells[1].isEmpty()) {
                addGroups(controlGroups, cells[2], "memory.max", "memory.current", "");
            } else if (cells.length == 3 && List.of(cells[1].split(",")).contains("memory")) {
                Path tree = controlGroups.resolve("memory");
                addGroups(tree, cells[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
            }
        }
    }

    /** A group and those it is in. In a container the path may be one outside, of which only the root is seen. */
    private void addGroups(Path tree, String path, String limit, String usage, String prefix) {
        Path folder = tree.resolve(path.substring(Math.min(1, path.length()))).normalize();
        while (folder != null && folder.startsWith(tree)) {
            if (Files.exists(folder.resolve(limit))) {
                groups.add(
                        new Group(folder.resolve(limit), folder.resolve(usage), folder.resolve("memory.stat"), prefix));
            }
            folder = folder.getParent();
        }
    }

    /** Returns whether so many bytes may be taken. */
    boolean has(long bytes) {
        if (bytes < WORTH_ASKING) {
            return true;
        }
        String figures = text(machine);
        long swap = number(figures, "SwapFree:", 0) << KIBIBYTE;
        long needed = bytes + RESERVE - swap;
        return number(figures, "MemAvailable:", Long.MAX_VALUE >> KIBIBYTE) << KIBIBYTE >= needed
                && groups.stream().allMatch(group -> group.has(needed));
    }

    private record Group(Path limit, Path usage, Path statistics, String prefix) {
        /** More than any machine has: version 1 says such a number where version 2 says {@code max}. */
        private static final long NO_LIMIT = 1L << 60;

        boolean has(long bytes) {
            long most = first(limit, NO_LIMIT);
            if (most >= NO_LIMIT) {
                return true;
            }
            long left = most - first(usage, 0);
            return left >= bytes || left + cache() >= bytes;
        }

        /** The kernel takes back what it keeps of files before it kills. */
        private long cache() {
            String figures = text(statistics);
            return number(figures, prefix + "active_file", 0) + number(figures, prefix + "inactive_file", 0);
        }

        private static long first(Path file, long otherwise) {
            String text = text(file).strip();
            return text.isEmpty() || text.equals("max") ? otherwise : Long.parseLong(text);
        }
    }

    /** Returns the number behind a name at the start of a line. */
    private static long number(String figures, String name, long missing) {
        int line = ("\n" + figures).indexOf("\n" + name);
        if (line == -1) {
            return missing;
        }
        String rest = figures.substring(line + name.length(), figures.indexOf('\n', line));
        return Long.parseLong(rest.replace("kB", "").strip());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // a process out of descriptors, among other reasons
        }
    }
}
