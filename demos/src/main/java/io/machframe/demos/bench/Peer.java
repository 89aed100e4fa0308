/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that takes part in a benchmark: it gets orders as lines and answers with lines. */
final class Peer implements AutoCloseable {
    private static final long END_SECONDS = 10;

    private final Process process;
    private final String what;
    private final PrintWriter orders;
    private final BufferedReader answers;

    private Peer(String what, Process process) {
        this.what = what;
        this.process = process;
        this.orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a program that says "ready" when it is. */
    static Peer start(String what, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Peer peer = new Peer(what, process);
        try {
            peer.requireReady();
            return peer;
        } catch (IOException e) {
            peer.close();
            throw e;
        }
    }

    long pid() {
        return process.pid();
    }

    void order(Object line) {
        orders.println(line);
    }

    String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the " + what + " ended early");
        }
        return line;
    }

    void requireReady() throws IOException {
        String line = answer();
        if (!line.equals("ready")) {
            throw new IOException("the " + what + " said \"" + line + "\" instead of being ready");
        }
    }

    /** Lets the process end, for it has no orders left, and ends it if it does not. */
    @Override
    public void close() {
        orders.close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
