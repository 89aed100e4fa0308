/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import io.machframe.core.testing.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the demos as a process of its own, as {@code demos/run} starts it. Closing kills it. */
final class DemoProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private DemoProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static DemoProcess start(Path directory, String... arguments) throws IOException {
        return start(directory, Map.of(), arguments);
    }

    static DemoProcess start(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        Path out = Files.createTempFile(directory, arguments[0].replace(File.separatorChar, '_'), ".out");
        Path err = Files.createTempFile(directory, arguments[0].replace(File.separatorChar, '_'), ".err");
        ProcessBuilder builder = builder(directory, arguments);
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        return new DemoProcess(builder.start(), out, err);
    }

    /** Returns what starts it, for tests that start it in their own way. */
    static ProcessBuilder builder(Path directory, String... arguments) {
        ProcessBuilder builder = ChildProcess.builder(
                List.of("-Xmx256m", "-Dmachframe.demos.directory=" + directory), Main.class, arguments);
        builder.environment().remove("DISPLAY");
        builder.redirectError(ProcessBuilder.Redirect.PIPE);
        return builder;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    /** Waits until it printed something. */
    void awaitOutput(String text) throws Exception {
        while (!out().contains(text)) {
            if (!process.isAlive() && !out().contains(text)) {
                throw new IllegalStateException("ended before it printed \"" + text + "\": " + outcome());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits until it ended. */
    Outcome outcome() throws Exception {
        int status = process.waitFor();
        return new Outcome(status, out(), Outcome.withoutProgress(Files.readString(err)));
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor();
    }
}
