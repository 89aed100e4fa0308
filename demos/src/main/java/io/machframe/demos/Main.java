/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import io.machframe.core.error.UnknownServiceException;
import io.machframe.demos.bench.BenchCommand;
import io.machframe.demos.list.ListCommand;
import io.machframe.demos.list.StatsCommand;
import io.machframe.demos.messageport.MessagePortCommand;
import io.machframe.demos.play.PlayCommand;
import io.machframe.demos.publish.PublishCommand;
import io.machframe.demos.renderer.RendererCommand;
import io.machframe.demos.view.ViewCommand;
import io.machframe.demos.watch.WatchCommand;
import io.machframe.viewer.command.Program;
import java.io.File;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The entry of all demos; {@code --help} tells what there is. */
@Command(
        name = "demos/run",
        subcommands = {
            PlayCommand.class,
            PublishCommand.class,
            WatchCommand.class,
            ViewCommand.class,
            RendererCommand.class,
            ListCommand.class,
            StatsCommand.class,
            MessagePortCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Shares the frames of a video between processes without copying them.",
            "",
            "Without a command, or with a FILE in its place, it plays: see demos/run play --help."
        },
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  demos/run",
            "  demos/run film.mp4",
            "  demos/run publish camera film.mp4 --loop",
            "  demos/run help watch"
        })
public final class Main {
    /** Called by picocli. */
    public Main() {}

    /** Runs a program and exits with its status: 0 for success, 1 for failure, 2 for wrong arguments. */
    public static void main(String[] arguments) {
        // Pictures are written without any window system.
        System.setProperty("java.awt.headless", "true");
        program().runAndExit(withCommand(arguments));
    }

    /** Returns all demos as one program. */
    static Program program() {
        return new Program(
                "demos",
                new Main(),
                e -> e instanceof UnknownServiceException ? " (demos/run list tells what there is)" : "");
    }

    /** Returns the arguments with the command to play in front if they have none, but a file or an option of its. */
    static String[] withCommand(String... arguments) {
        CommandLine commands = program().commandLine();
        boolean plays = arguments.length == 0
                || (arguments[0].startsWith("-") && commands.getCommandSpec().findOption(arguments[0]) == null)
                || (!commands.getSubcommands().containsKey(arguments[0]) && isFile(arguments[0]));
        return plays
                ? Stream.concat(Stream.of(PlayCommand.NAME), Arrays.stream(arguments))
                        .toArray(String[]::new)
                : arguments;
    }

    /** A word that is neither a file nor looks like one is a command, well or wrongly typed. */
    private static boolean isFile(String word) {
        return word.contains(File.separator) || word.contains(".") || new File(word).exists();
    }
}
