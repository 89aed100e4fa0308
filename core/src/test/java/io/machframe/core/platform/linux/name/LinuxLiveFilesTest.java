/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.LiveFiles;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinuxLiveFilesTest {
    private static final String SUFFIX = ".test";

    private final String name = "live-" + UUID.randomUUID();
    private final Path path = Path.of(RuntimeDirectory.path(), name);

    @TempDir
    private Path folder;

    @AfterEach
    void remove() throws Exception {
        Files.deleteIfExists(path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aFileCountsUntilItIsClosedForOthersOfThisProcessToo() throws Exception {
        try (LinuxLiveFiles one = LinuxLiveFiles.open(name, SUFFIX);
                LinuxLiveFiles two = LinuxLiveFiles.open(name, SUFFIX)) {
            LiveFiles.Entry entry = one.create(bytes("content"));
            for (LiveFiles each : List.of(two, one, two)) {
                assertEquals(1, each.read().size());
                assertArrayEquals(bytes("content"), each.read().get(0));
            }
            entry.close();
            entry.close();
            assertEquals(0, two.read().size());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }

    @Test
    void aFileOfAKilledProcessIsSweptAndALivingOnesIsNot() throws Exception {
        try (LinuxLiveFiles files = LinuxLiveFiles.open(name, SUFFIX);
                ChildProcess child = ChildProcess.start(Writer.class, name)) {
            assertEquals("written", child.readLine());
            assertArrayEquals(bytes("child"), files.read().get(0));
            child.kill();
            assertEquals(0, files.read().size());
            assertEquals(0, path.toFile().list().length);
        }
    }

    @Test
    void whoWatchesIsToldOfWhatComesChangesAndGoes() throws Exception {
        Semaphore changes = new Semaphore(0);
        Semaphore losses = new Semaphore(0);
        LiveFiles.Watcher watcher = new LiveFiles.Watcher() {
            @Override
            public void changed() {
                changes.release();
            }

            @Override
            public void lost() {
                losses.release();
            }
        };
        try (LinuxLiveFiles files = LinuxLiveFiles.open(name, SUFFIX);
                LiveFiles.Watch watch = files.watch(watcher);
                ChildProcess child = ChildProcess.start(Writer.class, name)) {
            assertEquals("written", child.readLine());
            await(changes, () -> contents(files).equals(List.of("child")));
            child.kill();
            await(changes, () -> path.toFile().list().length == 0); // removed by the watch itself
            LiveFiles.Entry entry = files.create(bytes("one"));
            await(changes, () -> contents(files).equals(List.of("one")));
            entry.replace(bytes("two"));
            await(changes, () -> contents(files).equals(List.of("two")));
            assertEquals(1, path.toFile().list().length);
            entry.close();
            await(changes, () -> contents(files).isEmpty());
            assertThrows(IllegalStateException.class, () -> entry.replace(bytes("three")));
            Files.delete(path);
            assertTrue(losses.tryAcquire(60, TimeUnit.SECONDS));
            watch.close();
        }
    }

    private static List<String> contents(LiveFiles files) {
        return files.read().stream()
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .toList();
    }

    /** Waits for as many changes as it takes. */
    private static void await(Semaphore changes, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            assertTrue(changes.tryAcquire(60, TimeUnit.SECONDS), "nothing is told");
        }
    }

    @Test
    void aLinkInPlaceOfTheDirectoryIsRefusedAndNothingBehindItIsTouched() throws Exception {
        Path victim = Files.createFile(folder.resolve("victim" + SUFFIX));
        LinuxLiveFiles.open(name, SUFFIX).close();
        Files.delete(path);
        Files.createSymbolicLink(path, folder);
        MachException refused = assertThrows(MachException.class, () -> LinuxLiveFiles.open(name, SUFFIX));
        assertTrue(refused.getMessage().contains(name), refused.getMessage());
        assertTrue(Files.exists(victim));
    }

    @Test
    void aLinkOrAPipeAmongTheFilesIsLeftAlone() throws Exception {
        Path victim = Files.createFile(folder.resolve("victim"));
        try (LinuxLiveFiles files = LinuxLiveFiles.open(name, SUFFIX)) {
            Path link = Files.createSymbolicLink(path.resolve("link" + SUFFIX), victim);
            Path pipe = path.resolve("pipe" + SUFFIX);
            assertEquals(
                    0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
            assertEquals(0, files.read().size());
            assertTrue(Files.exists(victim));
            Files.delete(link);
            Files.delete(pipe);
        }
    }

    @Test
    void aDirectoryThatLetOthersInIsClosedToThem() throws Exception {
        LinuxLiveFiles.open(name, SUFFIX).close();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        LinuxLiveFiles.open(name, SUFFIX).close();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    @RequiresCapability(TestCapability.PRLIMIT)
    void aLimitIsNamedWithItsValueAndTheFile() throws Exception {
        try (ChildProcess child = ChildProcess.start(Limited.class, name)) {
            String answer = child.readLine();
            assertTrue(answer.contains("RLIMIT_FSIZE") && answer.contains(" 3 ") && answer.contains(SUFFIX), answer);
        }
        assertEquals(0, path.toFile().list().length);
    }

    /** Writes a file and lives on. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            try {
                LinuxLiveFiles.open(arguments[0], SUFFIX).create(bytes("child"));
                System.out.println("written");
            } catch (MachException e) {
                System.out.println(e.getMessage());
            }
            Thread.sleep(600_000);
        }
    }

    /** Writes a file, and one more when files may only have three bytes. */
    static final class Limited {
        private Limited() {}

        public static void main(String[] arguments) throws Exception {
            try (LinuxLiveFiles files = LinuxLiveFiles.open(arguments[0], SUFFIX)) {
                files.create(bytes("child")).close();
                String self = Long.toString(ProcessHandle.current().pid());
                new ProcessBuilder("prlimit", "--fsize=3", "--pid", self)
                        .inheritIO()
                        .start()
                        .waitFor();
                System.out.println(assertThrows(MachException.class, () -> files.create(bytes("child")))
                        .getMessage());
            }
        }
    }
}
