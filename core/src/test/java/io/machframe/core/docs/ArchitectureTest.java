/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The map in {@code core/docs/architecture.md} against the packages, their imports, and the rules of the build. */
class ArchitectureTest {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\|[^|]*\\|([^|]*)\\|");
    private static final Pattern ROOM = Pattern.compile("`([a-z.]+)`");
    private static final Pattern USE = Pattern.compile("io\\.machframe\\.([a-z.]+)\\.[A-Z]");

    private final SourceTree tree = new SourceTree();

    @Test
    void everyPackageHasOneRowOfTheMap() throws IOException {
        assertEquals(usesOfSources().keySet(), map().keySet());
    }

    @Test
    void theMapShowsWhatEachPackageUses() throws IOException {
        assertEquals(text(usesOfSources()), text(map()));
    }

    @Test
    void theBuildAllowsWhatTheMapShows() throws Exception {
        ImportRules rules = ImportRules.read(tree.file(".mvn/import-control.xml"));
        Set<String> refused = new TreeSet<>();
        map().forEach((room, uses) -> uses.stream()
                .filter(used -> !rules.allowSomewhere("io.machframe." + room, "io.machframe." + used))
                .forEach(used -> refused.add(room + " -> " + used)));
        assertEquals(Set.of(), refused);
    }

    /** Programs of the demos may use each other. */
    @Test
    void theBuildAllowsNoTwoPackagesToUseEachOther() throws Exception {
        ImportRules rules = ImportRules.read(tree.file(".mvn/import-control.xml"));
        Set<String> circles = new TreeSet<>();
        Set<String> rooms = map().keySet().stream()
                .filter(room -> !room.startsWith("demos"))
                .collect(Collectors.toSet());
        for (String one : rooms) {
            for (String other : rooms) {
                if (one.compareTo(other) < 0 && allowed(rules, one, other) && allowed(rules, other, one)) {
                    circles.add(one + " <-> " + other);
                }
            }
        }
        assertEquals(Set.of(), circles);
    }

    private static boolean allowed(ImportRules rules, String room, String used) {
        return rules.allow("io.machframe." + room, "io.machframe." + used + ".Type");
    }

    private static String text(Map<String, Set<String>> uses) {
        StringBuilder text = new StringBuilder();
        uses.forEach((room, used) ->
                text.append(room).append(" -> ").append(String.join(", ", used)).append('\n'));
        return text.toString();
    }

    /** The table of packages: name, what it holds, what it uses. */
    private Map<String, Set<String>> map() throws IOException {
        Map<String, Set<String>> map = new TreeMap<>();
        for (String line : Files.readAllLines(tree.file("core/docs/architecture.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> uses = new TreeSet<>();
                ROOM.matcher(row.group(2)).results().forEach(use -> uses.add(use.group(1)));
                map.put(row.group(1), uses);
            }
        }
        return map;
    }

    private Map<String, Set<String>> usesOfSources() throws IOException {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (Path source : tree.mainSources()) {
            String code = Files.readString(source);
            String room = SourceTree.packageOf(code).substring("io.machframe.".length());
            Set<String> used = uses.computeIfAbsent(room, key -> new TreeSet<>());
            USE.matcher(SourceTree.withoutComments(code)).results().forEach(use -> used.add(use.group(1)));
            used.remove(room);
        }
        return uses;
    }
}
