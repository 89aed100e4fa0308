/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.stream.StreamDescription;
import io.machframe.surface.stream.StreamDirectory;
import io.machframe.surface.stream.StreamListener;
import io.machframe.surface.stream.StreamWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demos/run list}. */
@Command(
        name = "list",
        description = {
            "Lists the streams that processes of this user publish now.",
            "",
            "The application is what the publisher calls itself; the rate is that of the last second."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  demos/run list", "  demos/run list --watch", "  demos/run list --json | jq -r '.[].name'"})
public final class ListCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final String CLEAR = "\033[H\033[2J";

    @Option(
            names = "--json",
            description = "Print an array of objects, on one line: name, width, height, format, application, pid,"
                    + " clients, rate (frames per second; null if the publisher does not answer).")
    private boolean json;

    @Option(names = "--watch", description = "Print the list again whenever it has changed, until Ctrl-C.")
    private boolean watch;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public ListCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (!watch) {
            out.print(text(streams()));
            out.flush();
            return 0;
        }
        Semaphore news = new Semaphore(1);
        StreamListener listener = new Teller(news);
        try (StopSignal stop = StopSignal.install();
                StreamWatch watch = StreamDirectory.watch(Runnable::run, listener)) {
            stop.onRaise(news::release);
            printChanges(stop, news, out);
            watch.close();
        }
        return 0;
    }

    private void printChanges(StopSignal stop, Semaphore news, PrintWriter out)
            throws IOException, InterruptedException {
        String clear = !json && Ansi.AUTO.enabled() ? CLEAR : "";
        String last = "";
        while (!out.checkError()) {
            news.acquire();
            news.drainPermits();
            if (stop.isRaised()) {
                return;
            }
            String text = text(streams());
            if (!text.equals(last)) {
                out.print(clear + text + (json || !clear.isEmpty() ? "" : System.lineSeparator()));
                out.flush();
                last = text;
            }
        }
    }

    /** Says that there is something to print. */
    private record Teller(Semaphore news) implements StreamListener {
        @Override
        public void appeared(StreamDescription stream) {
            news.release();
        }

        @Override
        public void changed(StreamDescription before, StreamDescription now) {
            news.release();
        }

        @Override
        public void gone(StreamDescription stream) {
            news.release();
        }

        @Override
        public void failed(MachException reason) {
            news.release(); // listing it says what is wrong
        }
    }

    private static List<StreamDescription> streams() throws IOException {
        List<StreamDescription> streams = StreamDirectory.list();
        if (streams.isEmpty()) {
            requireThatNamesCanBeUsed();
        }
        return streams;
    }

    /** Nothing can be published where looking a name up fails otherwise than by finding nothing. */
    private static void requireThatNamesCanBeUsed() throws IOException {
        try {
            Bootstrap.lookUp(
                            "io.machframe.demos.list." + ProcessHandle.current().pid(), Duration.ofSeconds(1))
                    .close();
        } catch (UnknownServiceException e) {
            // As it should be.
        } catch (InterruptedException e) {
            throw InterruptedCallException.of(e);
        }
    }

    private String text(List<StreamDescription> streams) {
        List<StreamTable.Line> lines = look(streams);
        if (json) {
            return StreamTable.json(lines) + System.lineSeparator();
        }
        return lines.isEmpty() ? "Nothing is published." + System.lineSeparator() : StreamTable.text(lines);
    }

    /** Asks all publishers at once, so that those who do not answer cost one timeout. */
    private static List<StreamTable.Line> look(List<StreamDescription> streams) {
        List<CompletableFuture<StreamTable.Line>> lines = streams.stream()
                .map(stream ->
                        CompletableFuture.supplyAsync(() -> look(stream), task -> new Thread(task, "ask").start()))
                .toList();
        return lines.stream().map(CompletableFuture::join).toList();
    }

    private static StreamTable.Line look(StreamDescription stream) {
        try {
            return new StreamTable.Line(stream, StreamDirectory.statistics(stream.name(), TIMEOUT));
        } catch (MachException e) {
            return new StreamTable.Line(stream, null);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // nobody does
        }
    }
}
