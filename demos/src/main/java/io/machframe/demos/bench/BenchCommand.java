/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bench}: measures what the library costs on this machine. */
@Command(
        name = "bench",
        description = "Measures what the library costs on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {HandoffCommand.class, CallsCommand.class})
public final class BenchCommand {
    /** Runs the benchmarks without the other demos. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }
}
