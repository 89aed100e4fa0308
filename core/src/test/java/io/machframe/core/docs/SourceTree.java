/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the repository, for tests that compare documents with sources. */
final class SourceTree {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z.]+);");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?<!:)//[^\n]*");

    /** Tests run in the folder of their module. */
    private final Path root = Path.of("").toAbsolutePath().getParent();

    Path file(String name) {
        return root.resolve(name);
    }

    /** Every Java file of a main source folder of any module, but module declarations; no programs of users. */
    List<Path> mainSources() throws IOException {
        return files("src/main/java", ".java").stream()
                .filter(file ->
                        !file.endsWith("module-info.java") && !file.toString().contains("/consumer/"))
                .toList();
    }

    /** Every file of a kind whose path has a part. */
    List<Path> files(String part, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> file.toString().contains(part))
                    .filter(file -> !root.relativize(file).toString().contains("target/"))
                    .toList();
        }
    }

    static String packageOf(String code) {
        var declaration = PACKAGE.matcher(code);
        if (!declaration.find()) {
            throw new IllegalArgumentException("no package declaration");
        }
        return declaration.group(1);
    }

    static String withoutComments(String code) {
        return COMMENT.matcher(code).replaceAll("");
    }
}
