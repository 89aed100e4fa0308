/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The words of documents and comments against the glossary. */
class ProseTest {
    private static final Pattern RETIRED = Pattern.compile("\\| ([a-z -]+) \\| [a-z ,-]+ \\|");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|Contract))[`.]");

    private final SourceTree tree = new SourceTree();

    @Test
    void noRetiredWordReturns() throws IOException {
        List<String> retired = retired();
        assertFalse(retired.isEmpty());
        List<Path> files = new ArrayList<>(tree.mainSources());
        files.addAll(tree.files("/docs/", ".md"));
        files.add(tree.file("README.md"));
        files.remove(tree.file("core/docs/glossary.md"));
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            // A term may be parted by the end of a line of a comment.
            String text = Files.readString(file).toLowerCase(Locale.ROOT).replaceAll("\\s+(\\*\\s+|//\\s+)?", " ");
            for (String word : retired) {
                if (Pattern.compile("\\b" + word + "\\b").matcher(text).find()) {
                    found.add(word + " in " + file.getFileName());
                }
            }
        }
        assertEquals(Set.of(), found);
    }

    /** A row of a table that names no test, or one that is gone, claims what nobody checks. */
    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        Set<String> classes = new TreeSet<>();
        tree.files("/src/", ".java")
                .forEach(file -> classes.add(file.getFileName().toString().replace(".java", "")));
        List<Path> documents = new ArrayList<>(tree.files("/docs/", ".md"));
        documents.add(tree.file("README.md"));
        documents.add(tree.file(".github/CONTRIBUTING.md"));
        Set<String> missing = new TreeSet<>();
        for (Path document : documents) {
            TEST.matcher(Files.readString(document))
                    .results()
                    .map(name -> name.group(1))
                    .filter(name -> !classes.contains(name))
                    .forEach(name -> missing.add(name + " in " + document.getFileName()));
        }
        assertEquals(Set.of(), missing);
    }

    private List<String> retired() throws IOException {
        String glossary = Files.readString(tree.file("core/docs/glossary.md"));
        return RETIRED.matcher(glossary.substring(glossary.indexOf("## Retired words")))
                .results()
                .map(row -> row.group(1))
                .toList();
    }
}
