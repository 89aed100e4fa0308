/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The numbered facts that the tree cites are all in {@code docs/facts.md}. */
final class FactsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path FACTS = Path.of("docs", "facts.md");

    /** Numbers of facts as text has them: letters of their own in the core, "Scenario G.1-3 and 15" everywhere. */
    private static final Pattern FACT = Pattern.compile("\\b([FMPR])([1-9][0-9]{0,2})\\b");

    private static final Pattern SCENARIO =
            Pattern.compile("Scenarios? (G\\.[0-9])-([0-9]+(?:(?:,| and|, and) [0-9]+)*)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern METHOD = Pattern.compile("void ([mpr])([0-9]+)_");
    private static final Pattern LINE = Pattern.compile("^\\| ([A-Z](?:\\.[0-9]-)?[0-9]+) \\|", Pattern.MULTILINE);

    private static Set<String> known() throws IOException {
        Set<String> known = new TreeSet<>();
        Matcher line = LINE.matcher(Files.readString(FACTS));
        while (line.find()) {
            assertTrue(known.add(line.group(1)), () -> line.group(1) + " is there twice");
        }
        return known;
    }

    private static void cite(Map<String, Path> cited, Path file) {
        String text = read(file);
        Matcher scenario = SCENARIO.matcher(text);
        while (scenario.find()) {
            Matcher number = NUMBER.matcher(scenario.group(2));
            while (number.find()) {
                cited.put(scenario.group(1) + "-" + number.group(), file);
            }
        }
        Matcher method = METHOD.matcher(text);
        while (method.find()) {
            cited.put(method.group(1).toUpperCase(Locale.ROOT) + method.group(2), file);
        }
        if (file.startsWith(ROOT.resolve("core"))) { // elsewhere such names are formats, of pixels or of OpenGL
            Matcher fact = FACT.matcher(text);
            while (fact.find()) {
                cited.put(fact.group(), file);
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyNumberThatIsCitedIsThere() throws Exception {
        Map<String, Path> cited = new TreeMap<>();
        for (String module : List.of("core", "surface", "viewer-app", "demos")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.filter(file -> file.toString().matches("(?!.*/target/).*\\.(java|md)") && !file.endsWith(FACTS))
                        .forEach(file -> cite(cited, file));
            }
        }
        assertTrue(cited.size() > 150, () -> "only " + cited.keySet());
        cited.keySet().removeAll(known());
        assertEquals(Map.of(), cited);
    }
}
