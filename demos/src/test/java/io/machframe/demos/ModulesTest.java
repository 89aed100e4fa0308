/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests run on the class path, so that they reach what is not exported; here the modules have to fit as modules. */
@Timeout(120)
class ModulesTest {
    @TempDir
    private Path directory;

    @Test
    void theProgramsStartFromTheModulePath() throws Exception {
        Outcome help = run("--help");
        assertEquals(0, help.status(), help.err());
        help.assertPrinted("publish");
    }

    /** Listing goes through all layers down to the system's calls. */
    @Test
    void theLibraryReachesTheSystemFromTheModulePath() throws Exception {
        Outcome unknown = run("watch", "nobody-publishes-this");
        unknown.assertFailure(
                1, "no stream named \"nobody-publishes-this\" is published (demos/run list tells what there is)");
    }

    private Outcome run(String... arguments) throws Exception {
        Path errors = directory.resolve("errors.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // From JDK 24 on the JVM warns of native access that was not enabled.
                "--enable-native-access=com.sun.jna",
                "-Djna.nosys=true",
                "-p",
                modulePath(),
                // FFmpeg's natives are modules that nobody requires by name.
                "--add-modules",
                "ALL-MODULE-PATH",
                "-m",
                "io.machframe.demos/io.machframe.demos.Main"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(errors));
    }

    /** The class path without what only tests need. */
    private static String modulePath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !entry.matches(".*(test-classes|tests\\.jar|junit|opentest4j|apiguardian|testfx|monocle"
                                + "|hamcrest|surefire).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
