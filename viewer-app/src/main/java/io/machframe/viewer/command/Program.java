/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * A program of Machframe: runs picocli commands, tells what went wrong in one line, and ends with status 0 for success, 1
 * for failure (output that is lost is one), 2 for wrong arguments.
 *
 * @param name what error lines begin with
 * @param command the root command, an object annotated for picocli
 * @param hints returns what to add to the line about an exception, empty for nothing
 */
public record Program(String name, Object command, Function<Throwable, String> hints) {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** Runs in this process and ends it. */
    public void runAndExit(String... arguments) {
        StandardOutput output = StandardOutput.install();
        int status = run(writer(System.out), writer(System.err), arguments);
        Optional<IOException> lost = output.failure();
        if (lost.isPresent()) {
            String reason = String.valueOf(lost.get().getMessage());
            if (!reason.contains("Broken pipe")) { // the reader had enough, and knows
                System.err.println(name + ": standard output: " + reason);
            }
            status = Math.max(status, FAILED);
        }
        System.exit(status);
    }

    /** Runs with other output and returns the status. */
    public int run(PrintWriter out, PrintWriter err, String... arguments) {
        try {
            return commandLine()
                    .setOut(out)
                    .setErr(err)
                    .setParameterExceptionHandler((e, parsed) -> misused(e))
                    .setExecutionExceptionHandler((e, commands, parsed) -> failed(e, err))
                    .execute(arguments);
        } catch (LinkageError e) { // not an Exception, which picocli would pass to its handler
            return failed(e, err);
        }
    }

    /** Returns the commands as picocli has them. */
    public CommandLine commandLine() {
        CommandLine commands = new CommandLine(command);
        Numbers.registerAt(commands);
        addCommonOptions(commands);
        return commands;
    }

    private static void addCommonOptions(CommandLine commands) {
        CommandSpec spec = commands.getCommandSpec();
        if (spec.findOption("--help") == null) { // picocli's own command for help has it
            spec.addMixin("common", CommandSpec.forAnnotatedObject(new CommonOptions()));
        }
        commands.getSubcommands().values().forEach(Program::addCommonOptions);
    }

    private int misused(ParameterException e) {
        CommandLine commands = e.getCommandLine();
        commands.getErr()
                .println(name + ": " + Misuse.of(e) + " ("
                        + commands.getCommandSpec().qualifiedName(" ") + " --help tells more)");
        return MISUSED;
    }

    private int failed(Throwable e, PrintWriter err) {
        // A signal came while something was being set up. The process ends with the signal's status, not with this.
        boolean ending = ErrorLine.root(e) instanceof IllegalStateException && Shutdown.isInProgress();
        if (!ending) {
            err.println(name + ": " + ErrorLine.of(e) + hints.apply(e));
        }
        return FAILED;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
