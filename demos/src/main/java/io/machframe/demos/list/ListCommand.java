/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.stream.StreamDescription;
import io.machframe.surface.stream.StreamDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
            "The application is the program that the process runs: java, for a Java program."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  demos/run list", "  demos/run list --watch", "  demos/run list --json | jq -r '.[].name'"})
public final class ListCommand implements Callable<Integer> {
    private static final long INTERVAL_MILLIS = 500;
    private static final String CLEAR = "\033[H\033[2J";

    @Option(
            names = "--json",
            description = "Print an array of objects, on one line: name, width, height, format, application, pid.")
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
        String clear = !json && Ansi.AUTO.enabled() ? CLEAR : "";
        String last = "";
        try (StopSignal stop = StopSignal.install()) {
            while (!stop.isRaised() && !out.checkError()) {
                String text = text(streams());
                if (!text.equals(last)) {
                    out.print(clear + text + (json || !clear.isEmpty() ? "" : System.lineSeparator()));
                    out.flush();
                    last = text;
                }
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
            }
        }
        return 0;
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
        if (json) {
            return StreamTable.json(streams) + System.lineSeparator();
        }
        return streams.isEmpty() ? "Nothing is published." + System.lineSeparator() : StreamTable.text(streams);
    }
}
