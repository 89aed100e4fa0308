/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --quiet}. A mixin: the output of a command that has it is asked of it. */
public final class Quiet {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-q", "--quiet"},
            description = "Print nothing but errors.")
    private boolean quiet;

    /** Called by picocli. */
    public Quiet() {}

    /** Returns where to print. */
    public PrintWriter out() {
        return quiet ? new PrintWriter(Writer.nullWriter()) : spec.commandLine().getOut();
    }

    /** Returns where to print what is neither a result nor an error. */
    public PrintWriter err() {
        return quiet ? new PrintWriter(Writer.nullWriter()) : spec.commandLine().getErr();
    }

    /** Returns whether nothing but errors is to be printed. */
    public boolean isOn() {
        return quiet;
    }

    /** Returns something to tell progress by. */
    public Progress progress() {
        return new Progress(err());
    }
}
