/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MainTest {
    @TempDir
    private Path directory;

    @Test
    void theHelpTellsOfEveryProgram() {
        Outcome help = Outcome.of("--help");
        help.assertSuccess();
        for (String word :
                new String[] {"publish", "watch", "view", "list", "message-port", "FILE", "--no-window", "exit status"
                }) {
            help.assertPrinted(word);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "publish,--loop",
        "publish,--format",
        "watch,--png",
        "watch,--verify",
        "watch,--frames",
        "view,NAME",
        "message-port,--size"
    })
    void everyProgramHasHelp(String program, String word) {
        Outcome help = Outcome.of(program, "--help");
        help.assertSuccess();
        help.assertPrinted(word);
        help.assertPrinted("Usage: demos/run " + program);
    }

    @Test
    void whatTheHelpCallsADefaultIsNotAVariable() {
        assertTrue(Outcome.of("publish", "--help").out().contains("Default: bgra"));
    }

    @Test
    void missingArgumentsAreNamed() {
        Outcome.of("publish", "a")
                .assertFailure(2, "Missing required parameter: 'FILE' (demos/run publish --help tells more)");
        Outcome.of("watch").assertFailure(2, "Missing required parameter: 'NAME' (demos/run watch --help tells more)");
    }

    @Test
    void wrongArgumentsAreNamed() {
        Outcome.of("list", "--all").assertFailure(2, "Unknown option: '--all' (demos/run list --help tells more)");
        Outcome.of("message-port", "--size", "-1")
                .assertFailure(2, "--size must be 0 to 67108864 (demos/run message-port --help tells more)");
        Outcome.of("watch", "a", "--frames", "0")
                .assertFailure(2, "--frames must be at least 1 (demos/run watch --help tells more)");
    }

    @Test
    void aFormatThatIsNotKnownIsRefusedWithThoseThatAre() {
        Outcome.of("publish", "a", "b", "--format", "rgb24")
                .assertFailure(
                        2,
                        "Invalid value for option '--format': 'rgb24' is none of bgra, 420v, 420f"
                                + " (demos/run publish --help tells more)");
    }

    @Test
    void aNameThatNobodyPublishesIsRefused() {
        Outcome.of("watch", "nobody's")
                .assertFailure(1, "nobody publishes a stream named \"nobody's\" (demos/run list tells what there is)");
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
