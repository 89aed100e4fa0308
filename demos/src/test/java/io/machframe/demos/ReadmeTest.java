/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example that a reader sees first compiles, and does what it says between two processes. */
@Timeout(120)
class ReadmeTest {
    @TempDir
    private Path directory;

    @Test
    void theExampleRunsAsItStands() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(example.find());
        Path source = Files.writeString(directory.resolve("Colours.java"), example.group(1));
        String classPath = System.getProperty("java.class.path");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", classPath, "-d", directory.toString(), source.toString()));

        Process publisher = start(classPath, "publish");
        try {
            assertTrue(firstFrame(classPath).matches("frame \\d+: ff[0-9a-f]{6}"));
        } finally {
            publisher.destroyForcibly().waitFor();
        }
    }

    /** The publisher takes a moment to start, so the client may have to be started more than once. */
    private String firstFrame(String classPath) throws Exception {
        while (true) {
            Process client = start(classPath);
            try (BufferedReader output = client.inputReader()) {
                String line = output.readLine();
                if (client.waitFor(60, TimeUnit.SECONDS) && client.exitValue() == 0 && line != null) {
                    return line;
                }
            } finally {
                client.destroyForcibly();
            }
        }
    }

    private Process start(String classPath, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djna.nosys=true",
                "-cp",
                directory + File.pathSeparator + classPath,
                "Colours"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("MACHFRAME_RUNTIME_DIR", directory.resolve("names").toString());
        return builder.redirectError(directory.resolve("errors.txt").toFile()).start();
    }
}
