/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A second JVM with the class path of this one, that talks with the test in lines of text over its standard streams. Its
 * error stream goes to the test's. Closing kills it, as {@code kill -9} does.
 */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    private ChildProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a class's main method. */
    public static ChildProcess start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /**
     * Starts a class's main method under another program.
     *
     * @param prefix that program and its arguments, for example {@code prlimit --nofile=64}
     */
    public static ChildProcess start(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        return start(prefix, System.getProperty("java.class.path"), main, arguments);
    }

    /**
     * Starts a class's main method under another program, with another class path.
     *
     * @param prefix that program and its arguments
     */
    public static ChildProcess start(List<String> prefix, String classPath, Class<?> main, String... arguments)
            throws IOException {
        return new ChildProcess(
                builder(prefix, List.of(), classPath, main, arguments).start());
    }

    /** Takes over a process that a {@link #builder} was started as. */
    public static ChildProcess of(Process process) {
        return new ChildProcess(process);
    }

    /** Returns what starts a class's main method, for tests that start it in their own way. */
    public static ProcessBuilder builder(Class<?> main, String... arguments) {
        return builder(List.of(), main, arguments);
    }

    /**
     * Returns what starts a class's main method, for tests that start it in their own way.
     *
     * @param options more options of its JVM
     */
    public static ProcessBuilder builder(List<String> options, Class<?> main, String... arguments) {
        return builder(List.of(), options, System.getProperty("java.class.path"), main, arguments);
    }

    private static ProcessBuilder builder(
            List<String> prefix, List<String> options, String classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Small, so that limits on a child's memory are limits on what the test does in it.
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djna.nosys=true"));
        // What it says is read as UTF-8 whatever the machine's language.
        command.addAll(List.of("-Dsun.stdout.encoding=UTF-8", "-Dstdout.encoding=UTF-8"));
        if (Runtime.version().feature() > 17) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() > 23) {
            command.add("--sun-misc-unsafe-memory-access=allow"); // which LWJGL and JavaFX use, with a warning else
        }
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder;
    }

    public long pid() {
        return process.pid();
    }

    /** Returns the next line the child prints. Throws {@link IllegalStateException} if it ends instead. */
    public String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IllegalStateException("the child process ended");
        }
        return line;
    }

    /** Sends a line to the child's standard input. */
    public void writeLine(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    /** Waits for the child to end by itself and returns its exit status. */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Kills the child with SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the child with SIGSTOP; it holds all it has and does nothing until {@link #goOn}. */
    public void stop() throws IOException, InterruptedException {
        signal("STOP");
        while (!isStopped()) { // each of its threads runs on until it sees the signal
            Thread.sleep(1);
        }
    }

    private boolean isStopped() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException anotherThreadEnded) {
            return false;
        }
    }

    /** Lets a stopped child go on. */
    public void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    /** Kills the child if it still runs, and closes its streams. */
    @Override
    public void close() {
        kill();
        try {
            input.close();
        } catch (IOException brokenPipe) {
            // What was not read will not be.
        }
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
