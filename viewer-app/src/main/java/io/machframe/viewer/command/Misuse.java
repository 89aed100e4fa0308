/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in plain words what is wrong with arguments. */
final class Misuse {
    private static final Pattern INVALID = Pattern.compile(
            "Invalid value for (?:option '([^']+)'|positional parameter at index \\S+)" + "(?: \\(([^)]*)\\))?: (.*)");

    private Misuse() {}

    static String of(ParameterException e) {
        if (e instanceof MissingParameterException missing) {
            return missing(missing);
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String line = ErrorLine.first(String.valueOf(e.getMessage()));
        if (line.equals("Missing required subcommand")) {
            return "a command is missing: " + String.join(", ", commandsOf(spec));
        }
        Matcher invalid = INVALID.matcher(line);
        if (invalid.matches()) {
            String name = invalid.group(1) == null ? invalid.group(2) : invalid.group(1);
            return name + ": " + invalid.group(3);
        }
        return line;
    }

    private static String missing(MissingParameterException e) {
        List<ArgSpec> missing = e.getMissing();
        if (missing.size() == 1 && missing.get(0) instanceof OptionSpec option && !option.required()) {
            return option.longestName() + " needs a value, " + option.paramLabel();
        }
        String names = missing.stream()
                .map(argument -> argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel())
                .collect(Collectors.joining(" and "));
        return names.isEmpty() ? ErrorLine.first(String.valueOf(e.getMessage())) : names + " is missing";
    }

    private static String unmatched(UnmatchedArgumentException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String word = e.getUnmatched().get(0);
        if (word.startsWith("-") && word.length() > 1) {
            String option = word.split("=", 2)[0];
            return "there is no option '" + option + "'" + suggestion(option, optionsOf(spec));
        }
        if (!spec.subcommands().isEmpty()) {
            return "there is no command '" + word + "'" + suggestion(word, commandsOf(spec));
        }
        return "'" + word + "' is one argument too many";
    }

    private static List<String> optionsOf(CommandSpec spec) {
        List<String> names = new ArrayList<>();
        spec.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> names.addAll(List.of(option.names())));
        return names;
    }

    private static List<String> commandsOf(CommandSpec spec) {
        return spec.subcommands().values().stream()
                .map(CommandLine::getCommandName)
                .toList();
    }

    private static String suggestion(String word, Collection<String> candidates) {
        String nearest = "";
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /** Returns how many letters have to be changed, added, left out or swapped with the next one. */
    static int distance(String one, String other) {
        int[][] least = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    least[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                least[i][j] = Math.min(Math.min(least[i - 1][j], least[i][j - 1]) + 1, least[i - 1][j - 1] + change);
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (swapped) {
                    least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
                }
            }
        }
        return least[one.length()][other.length()];
    }
}
