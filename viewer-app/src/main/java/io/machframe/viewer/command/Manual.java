/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Writes manual pages, in the language of {@code man}, and the completion script for Bash and Zsh, all from the commands'
 * own help. The build runs it. (Picocli's generator writes AsciiDoc, which takes one more tool, larger than all of this.)
 */
public final class Manual {
    /** Wide enough that no line of a text is broken here; {@code man} breaks them. */
    private static final int WIDTH = 10_000;

    private final CommandSpec spec;
    private final Help help;
    private final StringBuilder page = new StringBuilder();

    private Manual(CommandSpec spec) {
        this.spec = spec;
        this.help = new Help(spec, Ansi.OFF);
    }

    /**
     * Writes the files of a program.
     *
     * @param arguments the class of its root command, and the directory to write to: {@code man/man1/NAME.1} for each
     *     command, and {@code completion/NAME.bash}
     */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Object command = Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
        CommandLine program = new Program("", command, e -> "").commandLine();
        program.setUsageHelpWidth(WIDTH);
        Path directory = Path.of(arguments[1]);
        writePages(program, Files.createDirectories(directory.resolve("man").resolve("man1")));
        Path completion = Files.createDirectories(directory.resolve("completion"));
        Files.writeString(
                completion.resolve(name(program.getCommandSpec()) + ".bash"),
                AutoComplete.bash(program.getCommandName(), program));
    }

    private static void writePages(CommandLine command, Path directory) throws IOException {
        command.setUsageHelpWidth(WIDTH);
        CommandSpec spec = command.getCommandSpec();
        Files.writeString(directory.resolve(name(spec) + ".1"), new Manual(spec).write());
        for (CommandLine subcommand : subcommands(command)) {
            writePages(subcommand, directory);
        }
    }

    private static Collection<CommandLine> subcommands(CommandLine command) {
        return new LinkedHashSet<>(command.getSubcommands().values());
    }

    /** Returns the name of a command's page: words with hyphens between them. */
    private static String name(CommandSpec spec) {
        return spec.qualifiedName("-").replace('/', '-');
    }

    private String write() throws IOException {
        UsageMessageSpec usage = spec.usageMessage();
        page.append(".TH \"").append(name(spec).toUpperCase(Locale.ROOT)).append("\" 1 \"\" \"Machframe ");
        page.append(Version.number()).append("\"\n.nh\n.ad l\n");
        section("NAME");
        String summary = usage.description().length == 0 ? "" : usage.description()[0];
        text(name(spec) + " - " + summary);
        section("SYNOPSIS");
        text(help.synopsis(0).strip());
        section("DESCRIPTION");
        paragraphs(usage.description());
        entries("ARGUMENTS", help.parameterList());
        entries("OPTIONS", help.optionList());
        entries("COMMANDS", help.commandList());
        entries("EXIT STATUS", help.exitCodeList());
        if (usage.footer().length > 0) {
            section("EXAMPLES");
            paragraphs(help.footer().split("\\R", -1));
        }
        Collection<CommandLine> subcommands = subcommands(spec.commandLine());
        if (!subcommands.isEmpty()) {
            section("SEE ALSO");
            text(String.join(
                    ", ",
                    subcommands.stream()
                            .map(command -> name(command.getCommandSpec()) + "(1)")
                            .toList()));
        }
        return page.toString();
    }

    private void section(String title) {
        page.append(".SH ").append(title).append('\n');
    }

    private void paragraphs(String... lines) {
        for (String line : lines) {
            if (line.isBlank()) {
                page.append(".PP\n");
            } else if (line.startsWith(" ")) {
                page.append(".nf\n");
                text(line);
                page.append(".fi\n");
            } else {
                text(line);
            }
        }
    }

    /** Writes a list as picocli lays it out: each line is a term, spaces, and what it means. */
    private void entries(String title, String list) {
        List<String> lines = Arrays.stream(list.split("\\R", -1))
                .filter(line -> !line.isBlank())
                .toList();
        if (lines.isEmpty()) {
            return;
        }
        section(title);
        for (String line : lines) {
            String[] parts = line.strip().split(" {2,}", 2);
            page.append(".TP\n");
            text(parts[0]);
            text(parts.length > 1 ? parts[1] : "");
        }
    }

    private void text(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        page.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
    }
}
