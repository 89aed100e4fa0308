/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Counts what this process holds from a Linux kernel, so that a test can see that nothing was left behind. */
public final class ProcessResources {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ProcessResources() {}

    /** Returns how many descriptors are open that show {@code part} in their target, for example "memfd:". */
    public static long descriptors(String part) {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(fd -> target(fd).contains(part)).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many descriptors this process may have. */
    public static long descriptorLimit() {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            String line = limits.filter(s -> s.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            String soft = line.split(" {2,}", -1)[1];
            return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many mappings of this process have {@code part} in their name; the pages of ports' queues do not count. */
    public static long mappings(String part) {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(part) && !line.contains("memfd:machframe-queue"))
                    .count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many KiB of the mappings with {@code part} in their name are in memory: {@code Rss}. */
    public static long residentKib(String part) {
        try {
            long sum = 0;
            boolean counts = false;
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    counts = line.contains(part);
                } else if (counts && line.startsWith("Rss:")) {
                    sum += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return sum;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the size of this process's address space in KiB, {@code VmSize}. */
    public static long addressSpace() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    status.filter(s -> s.startsWith("VmSize:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs the garbage collector until a value is no larger than wished.
     *
     * @return the value in the end: larger if it does not come down in reasonable time
     */
    public static long collectUntil(LongSupplier value, long wished) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (value.getAsLong() > wished && System.nanoTime() < deadline) {
            System.gc();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return value.getAsLong();
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (NoSuchFileException e) {
            return ""; // the descriptor that lists the directory
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
