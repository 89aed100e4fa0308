/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import io.machframe.surface.stream.StreamDescription;
import io.machframe.surface.stream.StreamDirectory;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demos/run list}. */
@Command(
        name = "list",
        description = {
            "Lists what is published now, by processes of this user: name, size and pixel format, process.",
        })
public final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public ListCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<StreamDescription> streams = StreamDirectory.list();
        if (streams.isEmpty()) {
            out.println("Nothing is published.");
            return 0;
        }
        int width = streams.stream()
                .mapToInt(stream -> stream.name().length())
                .max()
                .orElse(0);
        for (StreamDescription stream : streams) {
            out.printf("%-" + width + "s  %-14s  process %d%n", stream.name(), stream.format(), stream.pid());
        }
        return 0;
    }
}
