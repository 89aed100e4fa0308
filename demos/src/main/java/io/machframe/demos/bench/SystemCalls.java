/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the system calls of another process, all its threads, with {@code strace}. */
final class SystemCalls {
    /** A line of the summary: "% time, seconds, usecs/call, calls, errors or nothing, name". */
    private static final Pattern LINE =
            Pattern.compile("\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(\\w+)");

    private SystemCalls() {}

    /** Something that the other process is made to do meanwhile. */
    interface Work {
        void run() throws IOException;
    }

    /** Returns the calls by name, those that took most time first. */
    static Map<String, Long> count(long pid, Work work) throws IOException {
        Path summary = Files.createTempFile("machframe", ".strace");
        try {
            Process strace = new ProcessBuilder("strace", "-f", "-c", "-o", summary.toString(), "-p", "" + pid).start();
            try {
                awaitAttached(strace);
                work.run();
            } finally {
                strace.destroy();
                await(strace);
            }
            return parse(Files.readString(summary));
        } finally {
            Files.delete(summary);
        }
    }

    static Map<String, Long> parse(String summary) {
        Map<String, Long> calls = new LinkedHashMap<>();
        for (String line : summary.split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && !matcher.group(2).equals("total")) {
                calls.put(matcher.group(2), Long.valueOf(matcher.group(1)));
            }
        }
        return calls;
    }

    private static void awaitAttached(Process strace) throws IOException {
        BufferedReader messages = strace.errorReader(StandardCharsets.UTF_8);
        String line = messages.readLine();
        if (line == null || !line.contains("attached")) {
            throw new IOException("strace could not attach: " + line);
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
