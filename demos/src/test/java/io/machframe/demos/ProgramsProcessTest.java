/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs as users run them: each a process of its own, some of them killed. */
@Timeout(180)
final class ProgramsProcessTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bgra", "420v"})
    void everyPixelReachesTwoWatchersInBothFormats(String format) throws Exception {
        String clip = Clips.small(directory, 40).toString();
        String name = "pixels-" + format;
        try (DemoProcess publisher =
                DemoProcess.start(directory, "publish", name, clip, "--format", format, "--wait", "2")) {
            publisher.awaitOutput("Publishing");
            try (DemoProcess one = DemoProcess.start(directory, "watch", name, "--verify", clip);
                    DemoProcess other = DemoProcess.start(directory, "watch", name, "--verify", clip)) {
                for (DemoProcess watcher : List.of(one, other)) {
                    Outcome watched = watcher.outcome();
                    watched.assertPrinted("frames verified, pixel by pixel");
                    assertEquals(0, watched.status(), watched.toString());
                    assertEquals(first(watched, "frames received"), first(watched, "frames verified"));
                }
            }
            publisher.outcome().assertPrinted("40 frames published");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000})
    void aMessagePortAnswersRequestsAndTakesNotes(int size) throws Exception {
        try (DemoProcess job = DemoProcess.start(
                directory, "message-port", "--requests", "500", "--notes", "300", "--size", "" + size)) {
            Outcome outcome = job.outcome();
            assertEquals(0, outcome.status(), outcome.toString());
            String bytes = String.format(Locale.ROOT, "%,d", size);
            outcome.assertPrinted("500 requests of " + bytes + " bytes, each answered by process ");
            outcome.assertPrinted("round trip, microseconds:  p50 ");
            outcome.assertPrinted("300 notes of " + bytes + " bytes, 300 arrived");
        }
    }

    @Test
    void theMainJobTellsItsFiguresAndLeavesThePicture() throws Exception {
        Path clip = Clips.small(directory, 40);
        try (DemoProcess job = DemoProcess.start(directory, clip.toString())) {
            Outcome outcome = job.outcome();
            assertEquals(0, outcome.status(), outcome.toString());
            outcome.assertPrinted("h264, 30.00 fps, 1.3 s (QuickTime / MOV), without a window");
            outcome.assertPrinted("frames published                 40 (320x180 BGRA");
            outcome.assertPrinted("bytes copied between processes   0 (every frame was read in the surface");
            outcome.assertPrinted("hand-off latency                 p50 ");
            outcome.assertPrinted("Last frame received: " + directory.resolve("last-frame.png"));
            assertTrue(Files.size(directory.resolve("last-frame.png")) > 0);
        }
    }

    @Test
    void theMainJobOfATruncatedFileFailsWithOneLine() throws Exception {
        byte[] whole = Files.readAllBytes(Clips.sized(directory, 320, 180, 60));
        Path cut = Files.write(directory.resolve("cut.mkv"), Arrays.copyOf(whole, whole.length / 2));
        try (DemoProcess job = DemoProcess.start(directory, cut.toString())) {
            Outcome outcome = job.outcome();
            assertEquals(1, outcome.status(), outcome.toString());
            assertTrue(
                    outcome.err().matches("demos: .*cut.mkv: is truncated or damaged: it ends after \\d+ frames\\R"),
                    outcome.toString());
            outcome.assertPrinted("frames published");
        }
    }

    @Test
    void theMainJobEndsWithItsProcesses() throws Exception {
        Path clip = Clips.small(directory, 600);
        try (DemoProcess job = DemoProcess.start(directory, clip.toString())) {
            List<ProcessHandle> children = awaitChildren(job, 2);
            job.kill();
            for (ProcessHandle child : children) {
                child.onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void terminatedTheMainJobEndsItsProcesses() throws Exception {
        Path clip = Clips.small(directory, 600);
        try (DemoProcess job = DemoProcess.start(directory, clip.toString())) {
            List<ProcessHandle> children = awaitChildren(job, 2);
            job.terminate();
            job.outcome();
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    /** Row C30 of the faults: it neither rushes through what it missed nor leaves it out. */
    @Test
    void aStoppedPublisherGoesOnWhereItWas() throws Exception {
        Path clip = Clips.small(directory, 150); // five seconds
        try (DemoProcess publisher =
                        DemoProcess.start(directory, "publish", "held-up", clip.toString(), "--wait", "1");
                FrameClient client = connect("held-up")) {
            Frame first = Objects.requireNonNull(client.receive());
            long from = first.publishedNanos();
            first.close();
            signal("STOP", publisher);
            TimeUnit.SECONDS.sleep(3);
            signal("CONT", publisher);
            long last = from;
            for (Frame frame = client.receive(); frame != null; frame = client.receive()) {
                last = frame.publishedNanos();
                frame.close();
            }
            // Eight seconds, less what was missed at the start; five if it had caught up.
            assertTrue(last - from >= TimeUnit.MILLISECONDS.toNanos(6500), (last - from) + " ns");
            publisher.outcome().assertPrinted("150 frames published");
        }
    }

    private static FrameClient connect(String name) throws Exception {
        while (true) {
            try {
                return FrameClient.connect(name);
            } catch (UnknownServiceException e) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private static void signal(String name, DemoProcess process) throws Exception {
        String pid = Long.toString(process.handle().pid());
        assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    }

    @Test
    void aTerminatedPublisherTellsItsWatchers() throws Exception {
        Path clip = Clips.small(directory, 10);
        try (DemoProcess publisher = DemoProcess.start(directory, "publish", "end", clip.toString(), "--loop")) {
            publisher.awaitOutput("Publishing");
            try (DemoProcess watcher = DemoProcess.start(directory, "watch", "end")) {
                watcher.awaitOutput("Watching");
                publisher.terminate();
                publisher.outcome().assertPrinted("frames published");
                Outcome watched = watcher.outcome();
                watched.assertPrinted("frames received");
                assertEquals(0, watched.status(), watched.toString());
            }
        }
        assertFalse(Outcome.of("list").out().contains("end "));
    }

    @Test
    void aTerminatedWatcherTellsWhatItGot() throws Exception {
        Path clip = Clips.small(directory, 10);
        try (DemoProcess publisher = DemoProcess.start(directory, "publish", "quit", clip.toString(), "--loop")) {
            publisher.awaitOutput("Publishing");
            try (DemoProcess watcher = DemoProcess.start(directory, "watch", "quit")) {
                watcher.awaitOutput("Watching");
                watcher.terminate();
                watcher.outcome().assertPrinted("frames received");
            }
            assertTrue(publisher.isAlive());
        }
    }

    @Test
    void aKilledPublisherIsToldInOneLineAndItsNameIsFree() throws Exception {
        String clip = Clips.small(directory, 10).toString();
        try (DemoProcess publisher = DemoProcess.start(directory, "publish", "dead", clip, "--loop")) {
            publisher.awaitOutput("Publishing");
            try (DemoProcess watcher = DemoProcess.start(directory, "watch", "dead")) {
                watcher.awaitOutput("Watching");
                publisher.kill();
                Outcome watched = watcher.outcome();
                watched.assertFailure(1, "the stream \"dead\" broke off: its publisher died");
            }
            try (DemoProcess again = DemoProcess.start(directory, "publish", "dead", clip, "--loop")) {
                again.awaitOutput("Publishing");
                Outcome.of("watch", "dead", "--frames", "3").assertSuccess();
            }
        }
    }

    @Test
    void aKilledWatcherDoesNotDisturbThePublisher() throws Exception {
        String clip = Clips.small(directory, 10).toString();
        try (DemoProcess publisher = DemoProcess.start(directory, "publish", "alone", clip, "--loop")) {
            publisher.awaitOutput("Publishing");
            try (DemoProcess watcher = DemoProcess.start(directory, "watch", "alone")) {
                watcher.awaitOutput("Watching");
                watcher.kill();
                watcher.outcome();
            }
            Outcome.of("watch", "alone", "--frames", "20", "--verify", clip).assertSuccess();
        }
    }

    @Test
    void aDirectoryForNamesThatCannotBeUsedIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        String clip = Clips.small(directory, 10).toString();
        Map<String, String> environment = Map.of("MACHFRAME_RUNTIME_DIR", file.toString());
        try (DemoProcess publisher = DemoProcess.start(directory, environment, "publish", "a", clip)) {
            publisher
                    .outcome()
                    .assertFailure(
                            1,
                            "names cannot be used in " + file + " (it is a file or a symbolic link, not a directory)");
        }
    }

    @Test
    void aViewerWithoutADisplaySaysSo() throws Exception {
        try (DemoProcess viewer = DemoProcess.start(directory, "view", "a")) {
            viewer.outcome().assertFailure(1, "there is no display to open a window on (DISPLAY is not set)");
        }
    }

    private static List<ProcessHandle> awaitChildren(DemoProcess job, int count) throws InterruptedException {
        while (job.handle().children().count() < count) {
            assertTrue(job.isAlive());
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return job.handle().children().collect(Collectors.toList());
    }

    /** Returns the number before the words. */
    private static long first(Outcome outcome, String words) {
        String line = outcome.out()
                .lines()
                .filter(text -> text.contains(words))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }
}
