/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.messageport;

import io.machframe.core.error.MachException;
import io.machframe.core.messageport.RemoteMessagePort;
import io.machframe.core.messageport.Reply;
import io.machframe.core.messageport.SendResult;
import io.machframe.demos.process.ChildJvm;
import io.machframe.demos.process.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demos/run message-port}: asks a server in another process, and sends it notes. */
@Command(
        name = "message-port",
        description = {
            "Sends requests to another process by a message port (CFMessagePort) and waits for each answer; then sends"
                    + " notes, which get none.",
            "",
            "It starts the other process itself. There the run loop of the main thread serves the port and sends back"
                    + " what it got. Every answer is compared with its request, and the notes are counted.",
            "",
            "A round trip is the time from sending a request to having its answer; p99 is what 99 of 100 do not exceed."
                    + " The first requests are not counted, as the JVM is still compiling then. Data of more than 4000"
                    + " bytes travel as memory beside the message, as CFMessagePort sends them. A note is done when it is"
                    + " in the server's queue, which holds five: so notes go as fast as the server takes them."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  demos/run message-port", "  demos/run message-port --size 100000 --requests 1000 --notes 0"})
public final class MessagePortCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int WARM_UP = 5_000;
    private static final int MAX_SIZE = 64 << 20;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many requests. Default: ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--notes",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many notes. Default: ${DEFAULT-VALUE}.")
    private int notes;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "The data of each request and note, 0 to " + MAX_SIZE + " bytes. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public MessagePortCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(requests >= 1, "--requests must be at least 1");
        require(notes >= 0, "--notes must be at least 0");
        require(size >= 0 && size <= MAX_SIZE, "--size must be 0 to " + MAX_SIZE);
        String name = "message-port-demo-" + ProcessHandle.current().pid();
        BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
        try (ChildJvm server = ChildJvm.start(PortServer.class.getName(), List.of(name), reports::add)) {
            if (reports.poll(LIMIT.toSeconds(), TimeUnit.SECONDS) == null) {
                throw new IOException("the other process does not serve its port");
            }
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                talk(port, server.pid());
                port.send(PortServer.STOP, ByteBuffer.allocate(0), LIMIT);
            }
            return server.waitFor();
        }
    }

    private void require(boolean good, String problem) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    private void talk(RemoteMessagePort port, long server) throws IOException {
        ask(port, Math.min(WARM_UP, requests));
        long start = System.nanoTime();
        Histogram times = ask(port, requests);
        double seconds = (System.nanoTime() - start) / 1e9;
        print("%,d requests of %,d bytes, each answered by process %d with the same bytes", requests, size, server);
        StringBuilder line = new StringBuilder("  round trip, microseconds:");
        for (double percentile : PERCENTILES) {
            line.append(String.format(
                    Locale.ROOT, "  p%s %.1f", trim(percentile), times.getValueAtPercentile(percentile) / 1e3));
        }
        print("%s  max %.0f", line, times.getMaxValue() / 1e3);
        print("  %,.0f a second", requests / seconds);
        if (notes > 0) {
            sendNotes(port);
        }
    }

    private static String trim(double percentile) {
        return percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile;
    }

    private Histogram ask(RemoteMessagePort port, int count) throws IOException {
        Histogram times = new Histogram(3);
        ByteBuffer data = ByteBuffer.allocate(size);
        for (int i = 0; i < count; i++) {
            if (size > 0) {
                data.put(i % size, (byte) i);
            }
            long start = System.nanoTime();
            Reply reply = port.request(PortServer.ECHO, data, LIMIT, LIMIT);
            times.recordValue(System.nanoTime() - start);
            if (!reply.isSuccess() || !reply.data().equals(data)) {
                throw new IOException("request " + i + " was not answered as it should be: " + reply.result());
            }
        }
        return times;
    }

    private void sendNotes(RemoteMessagePort port) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(size);
        long start = System.nanoTime();
        for (int i = 0; i < notes; i++) {
            SendResult result = port.send(PortServer.NOTE, data, LIMIT);
            if (result != SendResult.SUCCESS) {
                throw new IOException("note " + i + " was not sent: " + result);
            }
        }
        long arrived = arrived(port);
        double seconds = (System.nanoTime() - start) / 1e9;
        print("%,d notes of %,d bytes, %,d arrived", notes, size, arrived);
        print("  %,.0f a second", notes / seconds);
        if (arrived != notes) {
            throw new IOException((notes - arrived) + " notes are lost");
        }
    }

    private static long arrived(RemoteMessagePort port) throws MachException {
        Reply count = port.request(PortServer.COUNT, ByteBuffer.allocate(0), LIMIT, LIMIT);
        return count.data().getLong(0);
    }

    private void print(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, values));
    }
}
