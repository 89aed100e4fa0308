/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import picocli.CommandLine.Command;

/** {@code bench}: measures what the library costs on this machine. */
@Command(
        name = "bench",
        description = "Measures what the library costs on this machine.",
        subcommands = {
            HandoffCommand.class,
            MessagesCommand.class,
            CallsCommand.class,
            SurfacesCommand.class,
            GlCommand.class,
            LoopCommand.class
        },
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench handoff --help")
public final class BenchCommand {}
