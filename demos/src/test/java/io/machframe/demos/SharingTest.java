/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing and watching, as two threads: every shape, and what goes wrong. */
@Timeout(120)
final class SharingTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "1,1,bgra",
        "1,1,420v",
        "2,2,420f",
        "641,359,bgra",
        "641,359,420v",
        "1366,768,bgra",
        "1921,1081,420v",
        "1921,1081,bgra",
        "4096,2304,bgra",
        "360,640,420v"
    })
    void everyShapeArrivesAsItIs(int width, int height, String format) throws Exception {
        Path clip = Clips.sized(directory, width, height, 8);
        Path png = directory.resolve("last.png");
        String name = "shape-" + width + "x" + height + "-" + format;
        CompletableFuture<Outcome> publishing =
                Outcome.inBackground("publish", name, clip.toString(), "--format", format, "--wait", "1");
        Outcome watched = watch(name, "--verify", clip.toString(), "--png", png.toString());
        watched.assertSuccess();
        watched.assertPrinted("frames verified, pixel by pixel");
        watched.assertPrinted("Last frame: " + png);
        assertEquals(width, ImageIO.read(png.toFile()).getWidth());
        assertEquals(height, ImageIO.read(png.toFile()).getHeight());
        publishing.get().assertSuccess();
        publishing.get().assertPrinted("8 frames published");
    }

    @Test
    void aLoopIsVerifiedBeyondTheEndOfItsFile() throws Exception {
        Path clip = Clips.small(directory, 10);
        try (DemoProcess publisher = DemoProcess.start(directory, "publish", "loop", clip.toString(), "--loop")) {
            publisher.awaitOutput("Publishing");
            Outcome watched = watch("loop", "--verify", clip.toString(), "--frames", "35");
            watched.assertSuccess();
            watched.assertPrinted("35 frames verified, pixel by pixel");
        }
    }

    @Test
    void aFrameOfAnotherFileIsNoticedAndNamed() throws Exception {
        Path clip = Clips.small(directory, 10);
        Path other = Clips.sized(directory, 320, 180, 10);
        CompletableFuture<Outcome> publishing =
                Outcome.inBackground("publish", "other", clip.toString(), "--wait", "1");
        Outcome watched = watch("other", "--verify", other.toString());
        assertEquals(1, watched.status());
        assertTrue(
                watched.err()
                        .matches("demos: frame \\d+ is not that of .*: the pixel at \\d+,\\d+ is \\p{XDigit}{8},"
                                + " expected \\p{XDigit}{8}\\R"),
                watched.toString());
        publishing.get();
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        Path clip = Clips.small(directory, 10);
        CompletableFuture<Outcome> publishing =
                Outcome.inBackground("publish", "taken", clip.toString(), "--wait", "1");
        awaitListed("taken");
        Outcome.of("publish", "taken", clip.toString())
                .assertFailure(1, "a stream named \"taken\" is published already");
        watch("taken").assertSuccess();
        publishing.get().assertSuccess();
    }

    @Test
    void theListTellsWhatIsPublished() throws Exception {
        Path clip = Clips.small(directory, 3);
        CompletableFuture<Outcome> publishing =
                Outcome.inBackground("publish", "listed", clip.toString(), "--format", "420v", "--wait", "1");
        awaitListed("listed");
        Outcome list = Outcome.of("list");
        list.assertPrinted("listed  320x180  420v");
        list.assertPrinted("machframe publish  " + ProcessHandle.current().pid() + "  0");
        watch("listed").assertSuccess();
        publishing.get().assertSuccess();
    }

    @Test
    void aPictureThatCannotBeWrittenIsAnError() throws Exception {
        Path clip = Clips.small(directory, 3);
        CompletableFuture<Outcome> publishing =
                Outcome.inBackground("publish", "unwritable", clip.toString(), "--wait", "1");
        watch("unwritable", "--png", clip.resolve("last.png").toString()).assertFailure(1, clip + ": is in the way");
        publishing.get().assertSuccess();
    }

    private static Outcome watch(String name, String... options) throws Exception {
        awaitListed(name);
        String[] arguments = new String[options.length + 2];
        arguments[0] = "watch";
        arguments[1] = name;
        System.arraycopy(options, 0, arguments, 2, options.length);
        return Outcome.of(arguments);
    }

    private static void awaitListed(String name) {
        await("the stream is listed", () -> Outcome.of("list").out().contains(name));
    }
}
