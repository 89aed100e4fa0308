/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Timeout(60)
final class MainTest {
    @TempDir
    private Path directory;

    @Test
    void theHelpTellsOfEveryProgram() {
        Outcome help = Outcome.of("--help");
        help.assertSuccess();
        for (String word : new String[] {
            "play", "publish", "watch", "view", "list", "stats", "message-port", "bench", "FILE", "Exit status"
        }) {
            help.assertPrinted(word);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "play,--no-window",
        "publish,--loop",
        "publish,--format",
        "watch,--png",
        "watch,--verify",
        "watch,--frames",
        "view,NAME",
        "list,--json",
        "message-port,--size",
        "bench,handoff"
    })
    void everyProgramHasHelp(String program, String word) {
        Outcome help = Outcome.of(program, "--help");
        help.assertSuccess();
        help.assertPrinted(word);
        help.assertPrinted("Usage: demos/run " + program);
        help.assertPrinted("2   wrong arguments");
        help.assertPrinted("Example");
        assertEquals(help, Outcome.of("help", program));
    }

    @Test
    void whatTheHelpCallsADefaultIsNotAVariable() {
        assertTrue(Outcome.of("publish", "--help").out().contains("Default: bgra"));
    }

    @Test
    void missingArgumentsAreNamed() {
        Outcome.of("publish", "a").assertFailure(2, "FILE is missing (demos/run publish --help tells more)");
        Outcome.of("watch").assertFailure(2, "NAME is missing (demos/run watch --help tells more)");
    }

    @Test
    void wrongArgumentsAreNamed() {
        Outcome.of("list", "--all").assertFailure(2, "there is no option '--all' (demos/run list --help tells more)");
        Outcome.of("message-port", "--size", "-1")
                .assertFailure(2, "--size must be 0 to 67108864 (demos/run message-port --help tells more)");
        Outcome.of("watch", "a", "--frames", "0")
                .assertFailure(2, "--frames must be at least 1 (demos/run watch --help tells more)");
    }

    @ParameterizedTest
    @CsvSource({
        "pubilsh, publish",
        "lst, list",
        "wacth, watch",
        "viewer, view",
        "message-prot, message-port",
    })
    void aMistypedCommandIsToldTheNearest(String typed, String meant) {
        Outcome.of(typed, "a", "b")
                .assertFailure(
                        2,
                        "there is no command '" + typed + "'; did you mean " + meant
                                + "? (demos/run --help tells more)");
    }

    @Test
    void aWordUnlikeAnyCommandOrFileIsRefused() {
        Outcome.of("bogus").assertFailure(2, "there is no command 'bogus' (demos/run --help tells more)");
        Outcome.of("list", "extra")
                .assertFailure(2, "'extra' is one argument too many (demos/run list --help tells more)");
        Outcome.of("bench")
                .assertFailure(
                        2,
                        "a command is missing: handoff, messages, calls, surfaces, gl, run-loop"
                                + " (demos/run bench --help tells more)");
    }

    @Test
    void aMistypedOptionIsToldTheNearest() {
        Outcome.of("list", "--jsno")
                .assertFailure(
                        2, "there is no option '--jsno'; did you mean --json? (demos/run list --help tells more)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1.5", "0x10"})
    void aNumberThatIsNoneIsRefusedInPlainWords(String text) {
        Outcome.of("watch", "a", "--frames", text)
                .assertFailure(2, "--frames: '" + text + "' is not a whole number (demos/run watch --help tells more)");
    }

    @Test
    void aNumberThatIsTooLargeOrMissingIsTold() {
        Outcome.of("message-port", "--notes", "3000000000")
                .assertFailure(
                        2,
                        "--notes: 3000000000 is not between -2147483648 and 2147483647"
                                + " (demos/run message-port --help tells more)");
        Outcome.of("watch", "a", "--frames")
                .assertFailure(2, "--frames needs a value, N (demos/run watch --help tells more)");
    }

    @Test
    void theVersionNamesWhatRuns() {
        Outcome version = Outcome.of("--version");
        version.assertSuccess();
        assertTrue(version.out().matches("Machframe \\d+\\.\\d+\\.\\d+\\S*\\R.*VM.*\\R.*\\R"), version.out());
        assertEquals(version, Outcome.of("list", "-V"));
    }

    /** From JDK 26 on the JVM warns of a final field that is set by reflection, as picocli sets the others. */
    @Test
    void noFieldThatPicocliSetsIsFinal() {
        requireNoFinalFields(Main.program().commandLine().getCommandSpec());
    }

    private static void requireNoFinalFields(CommandSpec spec) {
        for (ArgSpec argument : spec.args()) {
            if (argument.userObject() instanceof Field field) {
                assertFalse(Modifier.isFinal(field.getModifiers()), field.toString());
            }
        }
        for (Field field : spec.userObject().getClass().getDeclaredFields()) {
            boolean set = field.isAnnotationPresent(Spec.class) || field.isAnnotationPresent(Mixin.class);
            assertFalse(set && Modifier.isFinal(field.getModifiers()), field.toString());
        }
        spec.subcommands().values().forEach(command -> requireNoFinalFields(command.getCommandSpec()));
    }

    @Test
    void aFormatThatIsNotKnownIsRefusedWithThoseThatAre() {
        Outcome.of("publish", "a", "b", "--format", "rgb24")
                .assertFailure(
                        2,
                        "--format: 'rgb24' is none of bgra, 420v, 420f, x420, xf20"
                                + " (demos/run publish --help tells more)");
    }

    @Test
    void aNameThatNobodyPublishesIsRefused() {
        Outcome.of("watch", "nobody's")
                .assertFailure(1, "no stream named \"nobody's\" is published (demos/run list tells what there is)");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = directory.resolve("none.mp4");
        Outcome.of("publish", "a", file.toString()).assertFailure(1, file + ": no such file");
        Outcome.of(file.toString()).assertFailure(1, file + ": no such file");
    }

    @Test
    void aFileThatIsNoVideoIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("a.mp4"), "not a video at all");
        Outcome.of("publish", "a", file.toString()).assertFailure(1, file + ": is not a video that FFmpeg knows");
        Outcome.of(file.toString()).assertFailure(1, file + ": is not a video that FFmpeg knows");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101})
    void aNameOfTheWrongLengthIsRefused(int length) throws Exception {
        String clip = Clips.small(directory, 1).toString();
        for (Outcome outcome :
                new Outcome[] {Outcome.of("publish", "n".repeat(length), clip), Outcome.of("watch", "n".repeat(length))
                }) {
            assertEquals(1, outcome.status());
            assertEquals(
                    "demos: a stream name has 1 to 100 bytes of UTF-8 and no control characters; this one has " + length
                            + " bytes" + System.lineSeparator(),
                    outcome.err());
        }
    }
}
