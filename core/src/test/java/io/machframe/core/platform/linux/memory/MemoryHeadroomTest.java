/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over files like those of the kernel. */
final class MemoryHeadroomTest {
    private static final long MIB = 1 << 20;

    /** What is always left to others. */
    private static final long RESERVE = 16;

    private static final String UNLIMITED = "9223372036854771712";

    @TempDir
    private Path folder;

    @BeforeEach
    void aMachineWithAnotherGibibyte() throws IOException {
        machine(1024, 0);
    }

    private void machine(long available, long swap) throws IOException {
        write(
                "proc/meminfo",
                "MemTotal: 99999 kB\nMemAvailable:   " + available * 1024 + " kB\nSwapFree: " + swap * 1024 + " kB\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void group2(String path, String limit, long usage, long cache) throws IOException {
        write("groups/" + path + "memory.max", limit + "\n");
        write("groups/" + path + "memory.current", usage * MIB + "\n");
        write("groups/" + path + "memory.stat", "anon 5\ninactive_file " + cache * MIB + "\nactive_file 0\n");
    }

    private void group1(String path, String limit, long usage, long cache) throws IOException {
        write("groups/memory/" + path + "memory.limit_in_bytes", limit + "\n");
        write("groups/memory/" + path + "memory.usage_in_bytes", usage * MIB + "\n");
        write(
                "groups/memory/" + path + "memory.stat",
                "inactive_file 1\ntotal_inactive_file 0\ntotal_active_file " + cache * MIB + "\n");
    }

    /** Asserts how many MiB there are. */
    private void assertRoom(long mebibytes) {
        MemoryHeadroom room = new MemoryHeadroom(folder.resolve("proc"), folder.resolve("groups"));
        assertTrue(room.has((mebibytes - RESERVE) * MIB), "less than " + mebibytes + " MiB");
        assertFalse(room.has((mebibytes - RESERVE) * MIB + 1), "more than " + mebibytes + " MiB");
    }

    @Test
    void theMachineHasWhatItSaysAndCanSwap() throws Exception {
        assertRoom(1024);
        machine(100, 50);
        assertRoom(150);
    }

    @Test
    void aGroupOfVersionTwoHasItsLimitLessItsUsageButNotLessItsFiles() throws Exception {
        write("proc/self/cgroup", "0::/user/app\n");
        group2("user/app/", Long.toString(500 * MIB), 300, 40);
        assertRoom(240);
        group2("user/app/", "max", 300, 40);
        assertRoom(1024);
    }

    @Test
    void aGroupHasNoMoreThanThoseItIsIn() throws Exception {
        write("proc/self/cgroup", "0::/user/app\n");
        group2("user/app/", "max", 10, 0);
        group2("user/", Long.toString(400 * MIB), 300, 0);
        assertRoom(100);
    }

    @Test
    void aGroupOfVersionOneIsFoundByItsController() throws Exception {
        write("proc/self/cgroup", "9:name=systemd:/x\n4:cpu,memory:/app\n0::/\n");
        group1("app/", Long.toString(500 * MIB), 300, 40);
        group1("", UNLIMITED, 5000, 0);
        assertRoom(240);
        group1("app/", UNLIMITED, 300, 40);
        assertRoom(1024);
    }

    /** The path is that of the host, the files are those of the container. */
    @Test
    void aContainerSeesItsGroupAtTheRoot() throws Exception {
        write("proc/self/cgroup", "4:memory:/docker/0123456789/../..\n");
        group1("", Long.toString(300 * MIB), 100, 0);
        assertRoom(200);
        write("proc/self/cgroup", "4:memory:/docker/0123456789\n");
        assertRoom(200);
    }

    @Test
    void whatCannotBeReadIsNoLimitAndLittleIsNotAskedFor() throws Exception {
        machine(1, 0);
        MemoryHeadroom full = new MemoryHeadroom(folder.resolve("proc"), folder.resolve("groups"));
        assertTrue(full.has(MIB - 1));
        assertFalse(full.has(MIB));
        MemoryHeadroom unknown = new MemoryHeadroom(folder.resolve("no"), folder.resolve("no"));
        assertTrue(unknown.has(Long.MAX_VALUE / 2));
        assertEquals(MemoryHeadroom.HERE.has(1L << 50), false);
    }
}
