/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RightsLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
@Timeout(120)
@ExtendWith(RightsLedger.class)
final class SharedMemoryProcessTest {
    @Test
    void aPeerSeesLaterWritesAndWritesBack() throws Exception {
        try (SharedMemory memory = SharedMemory.create("test", 4096);
                ChildProcess child = user(memory)) {
            memory.bytes().putInt(0, 1);
            assertEquals("1", ask(child, "read"));
            memory.bytes().putInt(0, 2);
            assertEquals("2", ask(child, "read"));
            assertEquals("done", ask(child, "write"));
            assertEquals(77, memory.bytes().getInt(0));
        }
    }

    @Test
    void aKilledProcessGivesItsUsesBack() throws Exception {
        try (SharedMemory memory = SharedMemory.create("test", 4096);
                UseLock uses = new UseLock(memory)) {
            for (int round = 0; round < 3; round++) {
                try (ChildProcess child = user(memory)) {
                    assertFalse(uses.isInUse());
                    assertEquals("1", ask(child, "use"));
                    assertEquals("2", ask(child, "use"));
                    assertTrue(uses.isInUse());
                    assertEquals(0, uses.count());
                    child.kill();
                    assertFalse(uses.isInUse());
                }
            }
        }
    }

    @Test
    void aProcessOutOfDescriptorsGetsAnErrorAndKeepsNothing() throws Exception {
        try (ChildProcess child = ChildProcess.start(List.of("prlimit", "--nofile=64:64"), Hoarder.class, "4096")) {
            assertEquals("KERN_NO_SPACE", child.readLine());
            assertEquals("0 descriptors", child.readLine());
            assertEquals("usable again", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    @Test
    void aProcessOutOfAddressesGetsAnErrorAndKeepsNothing() throws Exception {
        String size = Integer.toString(512 << 20);
        try (ChildProcess child = ChildProcess.start(List.of("prlimit", "--as=" + (4L << 30)), Hoarder.class, size)) {
            assertEquals("KERN_RESOURCE_SHORTAGE", child.readLine());
            assertEquals("0 descriptors", child.readLine());
            assertEquals("usable again", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    @Test
    void aSizeAboveTheFileSizeLimitIsRefused() throws Exception {
        String size = Integer.toString(64 << 20);
        try (ChildProcess child =
                ChildProcess.start(List.of("prlimit", "--fsize=" + (32 << 20)), Hoarder.class, size)) {
            assertEquals("KERN_NO_SPACE", child.readLine());
            assertEquals("0 descriptors", child.readLine());
        }
    }

    private static ChildProcess user(SharedMemory memory) throws IOException {
        String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + memory.descriptor();
        return ChildProcess.start(User.class, path);
    }

    private static String ask(ChildProcess child, String command) throws IOException {
        child.writeLine(command);
        return child.readLine();
    }

    /** Shares the memory at a path and does what it is told. */
    static final class User {
        private User() {}

        public static void main(String[] arguments) throws IOException {
            SharedMemory memory = SharedMemory.adopt(LibC.open(arguments[0], LibC.O_RDONLY | LibC.O_CLOEXEC, 0), 4096);
            UseLock uses = new UseLock(memory);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                switch (line) {
                    case "read" -> System.out.println(memory.bytes().getInt(0));
                    case "write" -> {
                        memory.bytes().putInt(0, 77);
                        System.out.println("done");
                    }
                    case "use" -> {
                        uses.increment();
                        System.out.println(uses.count());
                    }
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
    }

    /** Makes memory of a size until there is no more, tells why, and gives it all back. */
    static final class Hoarder {
        private Hoarder() {}

        public static void main(String[] arguments) throws IOException {
            // Loads the classes of errors while there are descriptors to read them by.
            fill(new ArrayList<>(), 0);
            Limits.explainMemory(LibC.EMFILE);
            List<SharedMemory> hoard = new ArrayList<>();
            long size = Long.parseLong(arguments[0]);
            KernReturn reason = fill(hoard, size);
            int kept = hoard.size();
            hoard.forEach(SharedMemory::close);
            hoard.clear();
            System.out.println(reason.name());
            System.out.println(ProcessResources.descriptors("memfd:hoard") + " descriptors");
            if (kept > 0) {
                SharedMemory.create("hoard", size).close();
                System.out.println("usable again");
            }
        }

        private static KernReturn fill(List<SharedMemory> hoard, long size) {
            while (true) {
                try {
                    hoard.add(SharedMemory.create("hoard", size));
                } catch (MachException e) {
                    return e.reason();
                }
            }
        }
    }
}
