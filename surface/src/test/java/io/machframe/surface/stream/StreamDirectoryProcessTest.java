/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.format.PixelFormat;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The list of streams of several processes, in a directory of the test's own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "its processes find the directory as on Linux")
@Timeout(120)
final class StreamDirectoryProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(8, 8, PixelFormat.BGRA);

    @TempDir
    private Path runtime;

    private Path streams;

    @BeforeEach
    void nameTheDirectory() {
        streams = runtime.resolve("streams");
    }

    @Test
    void itListsWhoPublishesAndNobodyElse() throws Exception {
        try (StreamPeer one = peer();
                StreamPeer two = peer();
                StreamPeer three = peer()) {
            assertEquals("", one.ask("list"));
            assertEquals("done", one.open("c", FORMAT));
            assertEquals("done", two.open("a", FORMAT));
            assertEquals("done", three.open("b", FORMAT));
            String all = "a=" + two.pid() + " b=" + three.pid() + " c=" + one.pid();
            assertEquals(all, one.ask("list"));
            assertEquals(all, two.ask("list"));
            three.kill();
            String left = "a=" + two.pid() + " c=" + one.pid();
            assertEquals(left, two.ask("list"));
            assertEquals(left, one.ask("list"));
            assertEquals("done", two.open("b", FORMAT));
            assertEquals("a=" + two.pid() + " b=" + two.pid() + " c=" + one.pid(), one.ask("list"));
            assertEquals("done", two.ask("shut"));
            assertEquals("done", one.ask("shut"));
            assertEquals("a=" + two.pid(), one.ask("list"));
            assertEquals(1, files().size());
        }
    }

    @Test
    void streamsThatComeAndGoDisturbNoOther() throws Exception {
        try (StreamPeer steady = peer();
                StreamPeer flickers = peer();
                StreamPeer lists = peer();
                StreamPeer alsoLists = peer()) {
            assertEquals("done", steady.open("steady", FORMAT));
            flickers.send("flicker other 150");
            lists.send("threads find steady 300");
            alsoLists.send("threads find steady 300");
            assertEquals("done", steady.ask("find steady 300"));
            assertEquals("done", flickers.answer());
            assertEquals("done", lists.answer());
            assertEquals("done", alsoLists.answer());
            assertEquals("steady=" + steady.pid(), lists.ask("list"));
            assertEquals(1, files().size());
        }
    }

    /** The files of dead publishers are what several who list try to lock at once. */
    @Test
    void whatTheDeadLeftIsRemovedByWhoeverLists() throws Exception {
        try (StreamPeer steady = peer();
                StreamPeer lists = peer()) {
            assertEquals("done", steady.open("steady", FORMAT));
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 20; i++) {
                    Files.copy(files().get(0), streams.resolve("dead-" + round + "-" + i + StreamListing.SUFFIX));
                }
                lists.send("threads find steady 5");
                assertEquals("done", steady.ask("threads find steady 5"));
                assertEquals("done", lists.answer());
                assertEquals(1, files().size());
            }
        }
    }

    /** Who watches is told of each that comes, changes, is closed, or is killed; nobody looks again and again. */
    @Test
    void itTellsWhoWatchesWhatHappens() throws Exception {
        try (StreamPeer one = peer();
                StreamPeer two = peer();
                StreamPeer watcher = peer()) {
            assertEquals("done", one.open("a", FORMAT));
            assertEquals("done", watcher.ask("watch"));
            assertEquals("appeared a " + one.pid(), watcher.ask("event"));
            assertEquals("done", two.open("b", FORMAT));
            assertEquals("appeared b " + two.pid(), watcher.ask("event"));
            assertEquals("done", two.ask("reshape 16 8"));
            assertEquals("changed b 8x8 BGRA to 16x8 BGRA", watcher.ask("event"));
            assertEquals("done", one.ask("shut"));
            assertEquals("gone a", watcher.ask("event"));
            two.kill();
            assertEquals("gone b", watcher.ask("event"));
            assertEquals(0, files().size());
            try (StreamPeer three = peer()) {
                assertEquals("done", three.ask("watch"));
                assertEquals("done", three.open("own", FORMAT));
                assertEquals("appeared own " + three.pid(), three.ask("event"));
                assertEquals("appeared own " + three.pid(), watcher.ask("event"));
                three.kill();
            }
            assertEquals("gone own", watcher.ask("event"));
            assertEquals("done", watcher.ask("unwatch"));
            assertEquals("done", one.open("a", FORMAT));
            assertEquals("done", watcher.ask("watch"));
            assertEquals("appeared a " + one.pid(), watcher.ask("event"));
        }
    }

    /** An administrator's clean-up, or a session that ended and began again. */
    @Test
    void itGoesOnToTellWhenTheDirectoryIsRemovedAndMadeAnew() throws Exception {
        try (StreamPeer one = peer();
                StreamPeer two = peer();
                StreamPeer watcher = peer()) {
            assertEquals("done", one.open("a", FORMAT));
            assertEquals("done", watcher.ask("watch"));
            assertEquals("appeared a " + one.pid(), watcher.ask("event"));
            Files.delete(files().get(0));
            assertEquals("gone a", watcher.ask("event"));
            Files.delete(streams);
            TestFrames.await(() -> Files.exists(streams)); // made by the watcher
            assertEquals("done", two.open("b", FORMAT));
            assertEquals("appeared b " + two.pid(), watcher.ask("event"));
        }
    }

    @Test
    void garbageIsNotListedAndDoesNoHarm() throws Exception {
        Files.createDirectory(streams);
        Path outside = Files.write(runtime.resolve("outside"), new byte[100]);
        Path random = streams.resolve("random.stream");
        byte[] bytes = new byte[10 << 20];
        new Random(1).nextBytes(bytes);
        Files.write(random, bytes);
        Path blank = Files.createFile(streams.resolve("blank.stream"));
        Path full = Files.createDirectories(streams.resolve("directory.stream/inside"));
        Path empty = Files.createDirectory(streams.resolve("empty.stream"));
        Path link = Files.createSymbolicLink(streams.resolve("link.stream"), outside);
        Files.createSymbolicLink(streams.resolve("dangling.stream"), runtime.resolve("nowhere"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", streams + "/pipe.stream").start().waitFor());
        Path other = Files.write(streams.resolve("other.file"), bytes);
        Path unlocked = Files.writeString(
                streams.resolve("unlocked.stream"), "name=ghost\npid=1\nwidth=8\nheight=8\nformat=BGRA\n");
        try (StreamPeer peer = peer()) {
            assertEquals("done", peer.open("real", FORMAT));
            assertEquals("real=" + peer.pid(), peer.ask("list"));
            for (Path gone : List.of(random, blank, unlocked)) {
                assertFalse(Files.exists(gone), gone.toString());
            }
            for (Path kept : List.of(full, empty, link, outside, other)) {
                assertTrue(Files.exists(kept, LinkOption.NOFOLLOW_LINKS), kept.toString());
            }
        }
    }

    @Test
    void nonsenseThatSomebodyHoldsLockedIsNotListed() throws Exception {
        Files.createDirectory(streams);
        List<String> nonsense = List.of(
                "",
                "\\u12",
                "name=x",
                "name=x\npid=1\nwidth=0\nheight=8\nformat=BGRA",
                "name=x\npid=1\nwidth=99999999999\nheight=8\nformat=BGRA",
                "name=x\npid=1\nwidth=8\nheight=8\nformat=nothing",
                "name=x\npid=one\nwidth=8\nheight=8\nformat=BGRA",
                "name=\npid=1\nwidth=8\nheight=8\nformat=BGRA",
                "name=a\\nb\npid=1\nwidth=8\nheight=8\nformat=BGRA",
                "name=" + "x".repeat(101) + "\npid=1\nwidth=8\nheight=8\nformat=BGRA");
        List<FileChannel> held = new ArrayList<>();
        try (StreamPeer peer = peer()) {
            for (String text : nonsense) {
                held.add(locked(text));
            }
            assertEquals("", peer.ask("list"));
            assertEquals(nonsense.size(), files().size());
            held.add(locked("name=x\npid=1\nwidth=8\nheight=8\nformat=BGRA"));
            assertEquals("x=1", peer.ask("list"));
        } finally {
            for (FileChannel channel : held) {
                channel.close();
            }
        }
    }

    private FileChannel locked(String text) throws IOException {
        Path file = streams.resolve("locked-" + files().size() + StreamListing.SUFFIX);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return channel;
    }

    @Test
    void aDirectoryThatIsNoneIsAnErrorThatNamesIt() throws Exception {
        Files.createFile(streams);
        try (StreamPeer peer = peer()) {
            String listed = peer.ask("list");
            assertTrue(listed.contains("Exception: names cannot be used in " + streams), listed);
            String opened = peer.open("real", FORMAT);
            assertTrue(
                    opened.startsWith(
                            "MachException: the stream \"real\" cannot be listed: names cannot be used in " + streams),
                    opened);
            Files.delete(streams);
            assertEquals("done", peer.open("real", FORMAT)); // the name was given up
        }
    }

    private StreamPeer peer() throws IOException {
        return StreamPeer.start(List.of("env", "MACHFRAME_RUNTIME_DIR=" + runtime));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(streams)) {
            return new ArrayList<>(new TreeSet<>(files.toList()));
        }
    }

    /** Issue 11, A5: what another user could have made is neither read nor written, and nothing in it is deleted. */
    @Test
    void aDirectoryThatOthersCouldFillIsRefused(@TempDir Path elsewhere) throws Exception {
        Path precious = Files.writeString(elsewhere.resolve("precious.stream"), "name=invented");
        Files.createSymbolicLink(streams, elsewhere);
        try (StreamPeer peer = peer()) {
            String link = streams + " (it is a file or a symbolic link, not a directory)";
            String refused = peer.ask("list");
            assertTrue(refused.contains(link), refused);
            String opened = peer.open("real", FORMAT);
            assertTrue(opened.contains("cannot be listed: names cannot be used in " + link), opened);
            Files.delete(streams);
            Files.createDirectory(streams);
            Files.setPosixFilePermissions(streams, PosixFilePermissions.fromString("rwxrwxrwx"));
            String listed = peer.ask("list");
            assertTrue(listed.contains("other users have access to it"), listed);
            assertTrue(peer.open("real", FORMAT).contains("other users have access to it"));
            Files.delete(streams);
            assertEquals("done", peer.open("real", FORMAT));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(streams)));
        }
        assertTrue(Files.exists(precious));
    }

    /** Issue 11, B9. */
    @Test
    void whatTheDeadLeftIsRemovedByWhoeverOpens() throws Exception {
        try (StreamPeer dead = peer();
                StreamPeer next = peer()) {
            assertEquals("done", dead.open("dead", FORMAT));
            dead.kill();
            assertEquals("done", next.open("next", FORMAT));
            try (Stream<Path> files = Files.list(streams)) {
                assertEquals(1, files.count());
            }
        }
    }

    /** What one class loader of a process lists outlives what another lists and closes, for other processes too. */
    @Test
    void theClassLoadersOfAProcessDoNotUnlockEachOthersFiles() throws Exception {
        List<String> environment = List.of("env", "MACHFRAME_RUNTIME_DIR=" + runtime);
        try (StreamPeer peer = peer();
                ChildProcess child = ChildProcess.start(environment, TwoLoaders.class)) {
            assertEquals("ready", child.readLine());
            String one = "one=" + child.pid();
            assertEquals(one, peer.ask("list"));
            assertEquals(one, peer.ask("list"));
            assertEquals(1, files().size());
            child.kill();
            assertEquals("", peer.ask("list"));
        }
    }

    /** Opens a stream in one class loader; lists, and opens and closes one, in another. */
    static final class TwoLoaders {
        private TwoLoaders() {}

        public static void main(String[] arguments) throws Exception {
            List<URL> classPath = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                classPath.add(Path.of(entry).toUri().toURL());
            }
            URL[] urls = classPath.toArray(URL[]::new);
            ClassLoader platform = ClassLoader.getPlatformClassLoader();
            try (URLClassLoader first = new URLClassLoader(urls, platform);
                    URLClassLoader second = new URLClassLoader(urls, platform)) {
                AutoCloseable one = open(first, "one");
                assertEquals(1, list(second).size());
                AutoCloseable two = open(second, "two");
                assertEquals(2, list(first).size());
                assertEquals(2, list(second).size());
                two.close();
                assertEquals(1, list(second).size());
                assertEquals(1, list(first).size());
                System.out.println("ready");
                Thread.sleep(600_000);
                one.close();
            }
        }

        private static List<?> list(ClassLoader loader) throws Exception {
            Class<?> directory = loader.loadClass(StreamDirectory.class.getName());
            return (List<?>) directory.getMethod("list").invoke(null);
        }

        private static AutoCloseable open(ClassLoader loader, String name) throws Exception {
            Class<?> pixels = loader.loadClass(PixelFormat.class.getName());
            Class<?> format = loader.loadClass(FrameFormat.class.getName());
            Object frames = format.getMethod("of", int.class, int.class, pixels)
                    .invoke(null, 8, 8, pixels.getField("BGRA").get(null));
            return (AutoCloseable) loader.loadClass(FrameServer.class.getName())
                    .getMethod("open", String.class, format)
                    .invoke(null, name, frames);
        }
    }
}
