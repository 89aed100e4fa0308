/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@link Program} gives every command: {@code --help}, {@code --version}, and the list of exit statuses. */
@Command(
        versionProvider = Version.class,
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:success", "1:failure", "2:wrong arguments"})
final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    void help(boolean asked) {
        // Picocli shows it.
    }

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    void version(boolean asked) {
        // Picocli shows it.
    }
}
