/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** That nothing is copied: the processes of a stream have the same memory, and what crosses sockets has no pixels. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at what Linux maps")
@Timeout(120)
final class StreamSharingProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(641, 359, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void whatOneSideWritesLaterTheOtherReads() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                StreamPeer peer = StreamPeer.start()) {
            assertEquals("done", peer.ask("connect " + name));
            IOSurface surface = publish(server);
            assertEquals("took 0", peer.ask("take"));
            for (int value = 1; value < 100; value += 9) {
                try (SurfaceLock lock = surface.lock()) {
                    lock.plane(0).bytes().put(1000 + value, (byte) value);
                }
                assertEquals(Integer.toString(value), peer.ask("peek " + (1000 + value)));
            }
            assertTrue(peer.ask("poke 5000 55").startsWith("ReadOnlyBufferException"));
        }
    }

    @Test
    void thereIsOneMemoryForEachSurfaceHoweverManyClients() throws Exception {
        List<StreamPeer> peers = new ArrayList<>();
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            IOSurface surface = publish(server);
            Map<Long, Long> own = memories(ProcessHandle.current().pid(), surface);
            assertEquals(1, server.statistics().surfaces());
            assertEquals(1, own.size());
            Map<Long, Long> all = new TreeMap<>(own);
            for (int clients = 1; clients <= 3; clients++) {
                StreamPeer peer = StreamPeer.start();
                peers.add(peer);
                assertEquals("done", peer.ask("connect " + name));
                assertEquals("took 0", peer.ask("take"));
                assertEquals(Integer.toString(surface.id()), peer.ask("id"));
                assertEquals(own, memories(peer.pid(), surface));
                all.putAll(memories(peer.pid(), surface));
                assertEquals(1, all.size());
            }
        } finally {
            peers.forEach(StreamPeer::close);
        }
    }

    /** Returns what a process has mapped that has the size of a surface: how many bytes of which inode. */
    private static Map<Long, Long> memories(long pid, IOSurface surface) throws IOException {
        Pattern mapping = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) r[w-]-s \\p{XDigit}+ \\S+ (\\d+) +/memfd:.*");
        Map<Long, Long> sizes = new TreeMap<>();
        try (Stream<String> maps = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
            maps.map(mapping::matcher).filter(Matcher::matches).forEach(found -> {
                long size = Long.parseLong(found.group(2), 16) - Long.parseLong(found.group(1), 16);
                if (size >= surface.layout().allocSize()) {
                    sizes.merge(Long.parseLong(found.group(3)), size, Long::sum);
                }
            });
        }
        return sizes;
    }

    @Test
    void theBytesThatCrossSocketsAreTheSameForEverySize(@TempDir Path directory) throws Exception {
        Traffic small = traffic(directory.resolve("small"), FrameFormat.of(640, 360, PixelFormat.BGRA));
        Traffic large = traffic(directory.resolve("large"), FrameFormat.of(3840, 2160, PixelFormat.BGRA));
        assertEquals(small, large);
        // Each frame wakes the client by a word, not by a message; the surfaces of the pool were fetched before.
        assertEquals(0, small.messages());
        assertEquals(0, small.bytes());
    }

    /** What a process sent: how many messages through sockets, and how many bytes through anything. */
    private record Traffic(long messages, long bytes) {
        private static final Pattern CALL = Pattern.compile("\\w+\\((\\d+)<([^>]*)>.* = (\\d+)");

        static final Traffic NONE = new Traffic(0, 0);

        /** Adds a line of strace. What goes to the test, and what wakes an own thread, is no traffic of the stream. */
        Traffic plus(String line) {
            Matcher call = CALL.matcher(line);
            if (!call.matches() || call.group(1).equals("1") || call.group(2).contains("eventfd")) {
                return this;
            }
            int message = call.group(2).startsWith("socket:") ? 1 : 0;
            return plus(new Traffic(message, Long.parseLong(call.group(3))));
        }

        Traffic plus(Traffic other) {
            return new Traffic(messages + other.messages, bytes + other.bytes);
        }

        Traffic minus(Traffic other) {
            return new Traffic(messages - other.messages, bytes - other.bytes);
        }
    }

    /** Lets the system count what a publisher sends while a client gets 50 frames, one by one. */
    private Traffic traffic(Path directory, FrameFormat format) throws Exception {
        Files.createDirectory(directory);
        Path log = directory.resolve("thread");
        requireStrace(log);
        String calls = "trace=sendmsg,sendto,sendmmsg,write,writev,pwrite64,pwritev,pwritev2,"
                + "splice,vmsplice,tee,sendfile,copy_file_range,process_vm_writev,io_uring_enter";
        List<String> strace =
                List.of("strace", "-ff", "-qq", "-y", "-e", "signal=none", "-e", calls, "-o", log.toString());
        try (StreamPeer publisher = StreamPeer.start(strace)) {
            // A name of its own: killing strace leaves the process that it watched alive for a moment.
            String stream = name + "-" + directory.getFileName();
            assertEquals("done", publisher.open(stream, format));
            try (FrameClient client = FrameClient.connect(stream)) {
                for (int i = 0; i < 8; i++) {
                    publishAndReceive(publisher, client); // the first in each surface needs more
                }
                Traffic before = sum(directory);
                for (int i = 0; i < 50; i++) {
                    publishAndReceive(publisher, client);
                }
                return sum(directory).minus(before);
            }
        }
    }

    private static void publishAndReceive(StreamPeer publisher, FrameClient client) throws Exception {
        assertEquals("done", publisher.ask("publish 1"));
        TestFrames.receive(client).close();
    }

    /** Sums up what all threads did. */
    private static Traffic sum(Path directory) throws IOException {
        Traffic sum = Traffic.NONE;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                for (String line : Files.readAllLines(file)) {
                    sum = sum.plus(line);
                }
            }
        }
        return sum;
    }

    private static void requireStrace(Path log) throws InterruptedException {
        try {
            int status = new ProcessBuilder("strace", "-o", log.toString(), "true")
                    .start()
                    .waitFor();
            assumeTrue(status == 0, "strace may not trace here");
        } catch (IOException e) {
            assumeTrue(false, "strace is not installed");
        }
    }

    private static IOSurface publish(FrameServer server) throws Exception {
        try (FrameDraft draft = server.acquire()) {
            FramePattern.draw(draft.surface(), 0);
            draft.publish(0);
            return (IOSurface) draft.surface(); // to look at its memory
        }
    }
}
