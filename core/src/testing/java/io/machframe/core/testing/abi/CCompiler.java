/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The system's C compiler, which tests may find missing. */
public final class CCompiler {
    private static final List<String> NAMES = List.of("cc", "gcc", "clang");

    private final Path program;

    private CCompiler(Path program) {
        this.program = program;
    }

    /** Returns the compiler, or skips the test that asks. */
    public static CCompiler orSkip() {
        Optional<Path> program = find();
        Assumptions.assumeTrue(program.isPresent(), "C_COMPILER: there is no cc, gcc or clang on the PATH");
        return new CCompiler(program.orElseThrow());
    }

    private static Optional<Path> find() {
        List<String> folders = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path())
                .toList();
        return NAMES.stream()
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String path() {
        return Optional.ofNullable(System.getenv("PATH")).orElse("");
    }

    /** Compiles {@code source} to a shared library. The code is ours, so a warning is an error. */
    void compile(Path source, Path library) throws IOException, InterruptedException {
        compile(source, library, List.of("-shared", "-fPIC"));
    }

    /** Compiles {@code source} to a program. */
    public void compileProgram(Path source, Path binary) throws IOException, InterruptedException {
        compile(source, binary, List.of());
    }

    private void compile(Path source, Path output, List<String> options) throws IOException, InterruptedException {
        Path messages = Files.createTempFile(output.getParent(), "cc", ".txt");
        List<String> command = Stream.of(
                        List.of(program.toString(), "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror"),
                        options,
                        List.of("-o", output.toString(), source.toString()))
                .flatMap(List::stream)
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + "\n" + Files.readString(messages));
        }
    }
}
