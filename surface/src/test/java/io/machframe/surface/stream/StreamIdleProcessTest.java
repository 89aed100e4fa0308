/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Issue 6: a stream in which nothing is published makes no system call, however many clients sleep. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts Linux system calls")
@Timeout(240)
final class StreamIdleProcessTest {
    private static final int CLIENTS = 64;
    private static final int SETTLE_MILLIS = 500;

    /** More for a longer look. */
    private static final int SECONDS = Integer.getInteger("machframe.idle.seconds", 3);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void anIdleStreamMakesNoSystemCall(@TempDir Path directory) throws Exception {
        requireStrace(directory.resolve("try"));
        try (StreamPeer publisher = StreamPeer.start();
                StreamPeer clients = StreamPeer.start()) {
            assertEquals("done", publisher.open(name, FrameFormat.of(64, 48, PixelFormat.BGRA)));
            assertEquals("done", clients.ask("sleepers " + name + " " + CLIENTS));
            assertEquals("done", publisher.ask("publish 3"));
            assertEquals("done", clients.ask("slept 3"));
            Thread.sleep(SETTLE_MILLIS); // until the last of them sleeps again
            List<String> calls = new ArrayList<>();
            calls.addAll(trace(publisher, directory.resolve("publisher")));
            calls.addAll(trace(clients, directory.resolve("clients")));
            assertEquals(List.of(), calls);
            assertEquals("done", publisher.ask("publish 1"));
            assertEquals("done", clients.ask("slept 4"));
        }
    }

    /** Returns the system calls that a process began, in any thread, but for those of the JVM's own threads. */
    private static List<String> trace(StreamPeer peer, Path directory) throws Exception {
        Files.createDirectory(directory);
        List<String> own = libraryThreads(peer.pid());
        Process strace = new ProcessBuilder(
                        "strace",
                        "-ff",
                        "-qq",
                        "-e",
                        "signal=none",
                        "-o",
                        directory.resolve("thread").toString(),
                        "-p",
                        Long.toString(peer.pid()))
                .redirectErrorStream(true)
                .start();
        Thread.sleep(SECONDS * 1000L);
        strace.destroy();
        strace.waitFor();
        List<String> calls = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String thread = file.getFileName().toString().replace("thread.", "");
                List<String> lines = Files.readAllLines(file);
                // One that ends did something before, such as closing what a connection left, and was kept for a while.
                boolean ends = lines.stream().anyMatch(line -> line.startsWith("exit("));
                if (own.contains(thread) && !ends) {
                    // The first is the one it was in when it was traced.
                    lines.stream()
                            .skip(1)
                            .filter(line -> !line.contains("detached"))
                            .forEach(line -> calls.add(thread + " " + line));
                }
            }
        }
        return calls;
    }

    /** Returns the threads that run Java, not those of the collector and the compiler, nor the JVM's timer. */
    private static List<String> libraryThreads(long pid) throws IOException {
        List<String> threads = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : (Iterable<Path>) tasks::iterator) {
                String comm = Files.readString(task.resolve("comm")).strip();
                if (comm.startsWith("machframe-") || comm.startsWith("sleeper")) {
                    threads.add(task.getFileName().toString());
                }
            }
        }
        return threads;
    }

    private static void requireStrace(Path log) throws InterruptedException {
        try {
            int status = new ProcessBuilder("strace", "-o", log.toString(), "true")
                    .start()
                    .waitFor();
            assumeTrue(status == 0, "strace may not trace here");
        } catch (IOException e) {
            assumeTrue(false, "strace is not installed");
        }
    }
}
