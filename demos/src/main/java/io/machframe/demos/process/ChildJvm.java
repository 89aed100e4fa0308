/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Java process with the class path and the flags of this one. Its error stream is this process's; what it prints is
 * printed here, except for its reports. Its standard input ends when this process does.
 *
 * <p><b>Ownership.</b> Closing ends the process.
 */
public final class ChildJvm implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 8;

    private final Process process;
    private final Thread reader;

    private ChildJvm(Process process, Thread reader) {
        this.process = process;
        this.reader = reader;
    }

    /**
     * Starts a class's main method.
     *
     * @param reports is given what the child reports, by a thread of its own
     */
    public static ChildJvm start(String mainClass, List<String> arguments, Consumer<Report> reports)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-agentlib:jdwp")) { // its port is taken
                command.add(flag);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        Thread reader = new Thread(() -> read(process, reports), "reports of " + process.pid());
        reader.setDaemon(true);
        reader.start();
        return new ChildJvm(process, reader);
    }

    /** Returns whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the process's number. */
    public long pid() {
        return process.pid();
    }

    /** Writes a line to its standard input. A process that has ended does not read it. */
    public void send(String line) {
        try {
            Writer input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            // It ended.
        }
    }

    /** Asks it to end, as SIGTERM does. */
    public void stop() {
        process.destroy();
    }

    /** Waits until it ended and all its reports were given on, and returns its exit status. */
    public int waitFor() throws InterruptedException {
        int status = process.waitFor();
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return status;
    }

    /** Asks it to end if it did not, and sees to it. */
    @Override
    public void close() {
        stop();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void read(Process process, Consumer<Report> reports) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Report.parse(line).ifPresentOrElse(reports, printing(line));
            }
        } catch (IOException e) {
            // It ended.
        }
    }

    private static Runnable printing(String line) {
        return () -> System.out.println(line);
    }
}
