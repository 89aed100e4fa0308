/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ChildProcess;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import io.machframe.viewer.command.Manual;
import io.machframe.viewer.command.Shutdown;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a shell sees it: output, exit statuses, signals. */
@Timeout(180)
final class CommandLineProcessTest {
    private static final int TERMINATED = 128 + 15;
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path directory;

    static boolean fullDeviceIsThere() {
        return Files.exists(FULL);
    }

    @Test
    @EnabledIf(value = "fullDeviceIsThere", disabledReason = "there is no /dev/full")
    void outputThatIsLostIsAFailure() throws Exception {
        Path errors = directory.resolve("errors");
        Process list = DemoProcess.builder(directory, "list")
                .redirectOutput(FULL.toFile())
                .redirectError(errors.toFile())
                .start();
        assertEquals(1, list.waitFor());
        assertEquals("demos: standard output: No space left on device\n", Files.readString(errors));
    }

    @Test
    void aReaderThatHasEnoughIsNotToldOfIt() throws Exception {
        Path errors = directory.resolve("errors");
        Process list = DemoProcess.builder(directory, "list")
                .redirectOutput(Redirect.PIPE)
                .redirectError(errors.toFile())
                .start();
        list.getInputStream().close();
        assertEquals(1, list.waitFor());
        assertEquals("", Files.readString(errors));
    }

    @Test
    void theListIsATableAndJson() throws Exception {
        try (FrameServer server = server("listed \"stream\"")) {
            String pid = Long.toString(ProcessHandle.current().pid());
            try (DemoProcess list = DemoProcess.start(directory, "list")) {
                Outcome outcome = list.outcome();
                outcome.assertSuccess();
                List<String> lines = outcome.out().lines().toList();
                assertTrue(lines.get(0).matches("NAME +SIZE +FORMAT +APPLICATION +PID +CLIENTS +RATE"), outcome.out());
                String line = "listed \"stream\"  320x180  BGRA    a test       " + pid;
                assertTrue(lines.stream().anyMatch(l -> l.matches(Pattern.quote(line) + " +0 +0\\.0")), outcome.out());
            }
            try (DemoProcess list = DemoProcess.start(directory, "list", "--json")) {
                list.outcome()
                        .assertPrinted("{\"name\":\"listed \\\"stream\\\"\",\"width\":320,\"height\":180,"
                                + "\"format\":\"BGRA\",\"application\":\"a test\",\"pid\":" + pid
                                + ",\"clients\":0,\"rate\":0.0}");
            }
        }
    }

    @Test
    void theStatisticsOfAStreamAreToldUntilItEnds() throws Exception {
        try (FrameServer server = server("measured");
                FrameClient client = FrameClient.connect("measured")) {
            try (FrameDraft draft = server.acquire()) {
                draft.publish(0);
            }
            Objects.requireNonNull(client.receive()).close();
            try (DemoProcess stats = DemoProcess.start(directory, "stats", "measured", "--once", "--json")) {
                Outcome outcome = stats.outcome();
                outcome.assertSuccess();
                assertTrue(
                        outcome.out()
                                .matches(
                                        "(?s)\\{\"name\":\"measured\",\"published\":1,.*\"delivered\":1,\"replaced\":0.*"),
                        outcome.out());
            }
            try (DemoProcess stats = DemoProcess.start(directory, "stats", "measured")) {
                stats.awaitOutput("1 frames published");
                stats.awaitOutput("CLIENT");
                server.close();
                Outcome outcome = stats.outcome();
                outcome.assertSuccess();
                assertTrue(outcome.out().contains("The stream ended."), outcome.out());
            }
        }
    }

    @Test
    void theListIsPrintedAgainWhenItChanges() throws Exception {
        Map<String, String> environment = Map.of("MACHFRAME_RUNTIME_DIR", System.getenv("MACHFRAME_RUNTIME_DIR"));
        try (DemoProcess list = DemoProcess.start(directory, environment, "list", "--watch", "--json")) {
            list.awaitOutput("]");
            try (FrameServer server = server("comes")) {
                list.awaitOutput("\"comes\"");
            }
            while (list.out().lines().reduce("", (a, b) -> b).contains("\"comes\"")) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            list.terminate();
            assertEquals(TERMINATED, list.outcome().status());
        }
    }

    @Test
    void aListWhereNothingCanBePublishedSaysSo() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (DemoProcess list =
                DemoProcess.start(directory, Map.of("MACHFRAME_RUNTIME_DIR", open.toString()), "list")) {
            list.outcome().assertFailure(1, "names cannot be used in " + open + " (other users have access to it)");
        }
    }

    @Test
    void quietCommandsPrintErrorsOnly() throws Exception {
        Path clip = Clips.small(directory, 60);
        try (DemoProcess play = DemoProcess.start(directory, "play", clip.toString(), "-q")) {
            assertEquals(new Outcome(0, "", ""), play.outcome());
            assertTrue(Files.size(directory.resolve("last-frame.png")) > 0);
        }
    }

    /** With a display that is not there the viewer ends at once, and the publisher must not wait for it. */
    @Test
    void aViewerThatHasEndedIsNotWaitedFor() throws Exception {
        Path clip = Clips.small(directory, 60);
        try (DemoProcess play = DemoProcess.start(directory, Map.of("DISPLAY", ":9876"), clip.toString())) {
            Outcome outcome = play.outcome();
            assertEquals(0, outcome.status(), outcome.toString());
            outcome.assertPrinted("frames published                 60");
            assertTrue(outcome.err().startsWith("viewer: "), outcome.err());
        }
        try (ChildProcess publisher = ChildProcess.of(
                DemoProcess.builder(directory, "publish", "waits", clip.toString(), "--wait", "1", "--report")
                        .redirectError(Redirect.DISCARD)
                        .start())) {
            assertEquals("@open", publisher.readLine());
            publisher.writeLine("0"); // without which it would wait for as long as its parent likes
            assertTrue(publisher.readLine().startsWith("@published frames=60 "));
        }
    }

    @Test
    void aProgramThatIsEndedEarlyIsSilent() throws Exception {
        Path errors = directory.resolve("errors");
        Process process = ChildProcess.builder(EndsEarly.class)
                .redirectOutput(Redirect.PIPE)
                .redirectError(errors.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertEquals("", Files.readString(errors));
        assertEquals("raised", out.strip());
    }

    /** Sets up what is to be stopped when the process has begun to end already. */
    static final class EndsEarly {
        private EndsEarly() {}

        public static void main(String[] arguments) {
            Thread late = new Thread(() -> {
                while (!Shutdown.isInProgress()) {
                    Thread.onSpinWait();
                }
                try (StopSignal stop = StopSignal.install()) {
                    System.out.println(stop.isRaised() ? "raised" : "not raised");
                }
            });
            late.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> join(late)));
            System.exit(0);
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aCheckoutThatCannotBeWrittenIsNamed() throws Exception {
        Path script = Files.createDirectory(directory.resolve("demos")).resolve("run");
        Files.copy(Path.of("run"), script);
        Path target = Files.writeString(directory.resolve("demos").resolve("target"), "in the way");
        Process run = new ProcessBuilder("bash", script.toString(), "list")
                .redirectErrorStream(true)
                .start();
        String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, run.waitFor());
        assertEquals(
                "demos/run: cannot write to " + target + ", where the demos are built: is it another user's?\n",
                printed);
    }

    @Test
    void theManualAndTheCompletionAreThoseOfTheCommands() throws Exception {
        Manual.main(new String[] {Main.class.getName(), directory.toString()});
        String page = Files.readString(directory.resolve("man/man1/demos-run-watch.1"));
        for (String part :
                List.of(".SH NAME", ".SH SYNOPSIS", "\\-\\-verify=FILE", ".SH EXIT STATUS", ".SH EXAMPLES")) {
            assertTrue(page.contains(part), part);
        }
        assertFalse(page.contains("${"), page);
        assertEquals("publish", completed("pub"));
        assertEquals("--json", completed("list", "--js"));
    }

    private String completed(String... words) throws IOException {
        String line = "source " + directory.resolve("completion/demos-run.bash") + "; COMP_WORDS=(demos/run "
                + String.join(" ", words) + "); COMP_CWORD=" + words.length + "; COMP_LINE=\"${COMP_WORDS[*]}\";"
                + " _complete_demos/run; echo \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static FrameServer server(String name) throws IOException {
        return FrameServer.builder(name)
                .format(FrameFormat.of(320, 180, PixelFormat.BGRA))
                .application("a test")
                .open();
    }
}
