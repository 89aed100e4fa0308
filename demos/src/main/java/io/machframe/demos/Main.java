/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import io.machframe.core.error.UnknownServiceException;
import io.machframe.demos.run.RunCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The entry of all demos; {@code --help} tells what there is. */
public final class Main {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Main() {}

    /** Runs a program and exits with its status: 0 for success, 1 for failure, 2 for wrong arguments. */
    public static void main(String[] arguments) {
        // Pictures are written without any window system.
        System.setProperty("java.awt.headless", "true");
        System.exit(run(writer(System.out), writer(System.err), arguments));
    }

    /** Runs a program and returns its status. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new RunCommand())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command))
                .execute(arguments);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("demos: " + ErrorLine.of(e) + " ("
                        + command.getCommandSpec().qualifiedName(" ") + " --help tells more)");
        return MISUSED;
    }

    private static int failed(Exception e, CommandLine command) {
        String hint = e instanceof UnknownServiceException ? " (demos/run list tells what there is)" : "";
        command.getErr().println("demos: " + ErrorLine.of(e) + hint);
        return FAILED;
    }
}
