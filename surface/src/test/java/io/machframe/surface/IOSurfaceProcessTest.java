/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Surfaces between real processes, sent as ports in messages. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at what Linux keeps for a surface")
@Timeout(180)
final class IOSurfaceProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String MEMORY = "memfd:machframe-surface";

    @Test
    void aPeerHasTheSameSurface() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = IOSurface.create(SurfaceProperties.of(641, 359, PixelFormat.NV12_VIDEO))) {
            peer.send(surface);
            assertEquals("received " + surface.id() + " " + surface.planes(), peer.ask("receive"));
            assertEquals("closed", peer.ask("close"));
        }
    }

    @Test
    void aWriteThatComesLaterIsSeenWithoutAnotherMessage() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.sendAndReceive(surface);
            for (int value = 1; value < 100; value += 7) {
                try (SurfaceLock lock = surface.lock()) {
                    lock.plane(0).bytes().put(1000, (byte) value);
                }
                assertEquals(Integer.toString(value), peer.ask("read 1000"));
            }
            assertEquals("written", peer.ask("write 2000 55"));
            try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
                assertEquals(55, lock.plane(0).bytes().get(2000));
            }
        }
    }

    /** Scenario G.2-21. */
    @Test
    void theSeedIsTheSameOnBothSides() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.sendAndReceive(surface);
            assertEquals("0", peer.ask("seed"));
            surface.lock().close();
            assertEquals("1", peer.ask("seed"));
            surface.lock(LockOption.READ_ONLY).close();
            assertEquals("1", peer.ask("seed"));
            peer.ask("write 0 1");
            assertEquals(2, surface.seed());
        }
    }

    @Test
    void thereIsOneSharedObjectHoweverManyProcessesHoldIt() throws Exception {
        try (SurfacePeer one = new SurfacePeer();
                SurfacePeer two = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            one.sendAndReceive(surface);
            two.sendAndReceive(surface);
            List<String> mine = mappedObjects(ProcessHandle.current().pid());
            assertEquals(1, mine.size());
            assertEquals(mine, mappedObjects(one.pid()));
            assertEquals(mine, mappedObjects(two.pid()));
        }
    }

    @Test
    void aSurfaceReceivedTwiceIsEqualAndMappedOnce() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.sendAndReceive(surface);
            peer.send(surface);
            assertEquals("equal", peer.ask("receive again"));
            assertEquals(1, mappedObjects(peer.pid()).size());
        }
    }

    /** Scenario G.3-30. */
    @Test
    void anyProcessesUseCountMakesTheSurfaceInUseUntilThatProcessDies() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.sendAndReceive(surface);
            assertFalse(surface.isInUse());
            for (int i = 0; i < 3; i++) {
                surface.incrementUseCount();
            }
            assertEquals("1", peer.ask("use"));
            for (int i = 0; i < 3; i++) {
                surface.decrementUseCount();
            }
            assertEquals(0, surface.useCount());
            assertTrue(surface.isInUse());
            assertEquals("true", peer.ask("in use"));
            peer.kill();
            assertFalse(surface.isInUse());
        }
    }

    /** Every other one of them is killed. */
    @Test
    void tenProcessesUseASurfaceUntilTheLastOfThemEnds() throws Exception {
        List<SurfacePeer> peers = new ArrayList<>();
        try (IOSurface surface = SurfacePeer.picture()) {
            for (int i = 0; i < 10; i++) {
                peers.add(new SurfacePeer());
            }
            for (SurfacePeer peer : peers) {
                peer.sendAndReceive(surface);
                assertEquals("1", peer.ask("use"));
            }
            for (int i = 0; i < peers.size(); i++) {
                assertTrue(surface.isInUse());
                if (i % 2 == 0) {
                    peers.get(i).kill();
                } else {
                    assertEquals("0", peers.get(i).ask("end use"));
                }
            }
            assertFalse(surface.isInUse());
        } finally {
            peers.forEach(SurfacePeer::close);
        }
    }

    @Test
    void aPeersUseEndsWithItsCount() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.sendAndReceive(surface);
            peer.ask("use");
            assertTrue(surface.isInUse());
            assertEquals("0", peer.ask("end use"));
            assertFalse(surface.isInUse());
        }
    }

    /** Scenario G.3-31: held in a queue, and as a port in another process. */
    @Test
    void aPortIsAUseWhereverItIs() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.send(surface);
            assertTrue(surface.isInUse());
            assertEquals("port received", peer.ask("receive port"));
            assertTrue(surface.isInUse());
            assertEquals("port closed", peer.ask("close port"));
            assertFalse(surface.isInUse());
        }
    }

    @Test
    void theMemoryOutlivesItsMaker() throws Exception {
        try (ReceiveRight inbox = Task.self().allocatePort();
                SurfacePeer peer = new SurfacePeer()) {
            peer.sendReplyPort(inbox);
            assertEquals("made", peer.ask("make surface"));
            try (ReceivedMessage message =
                            ReceivedMessage.tryReceiveFrom(inbox, PATIENCE).orElseThrow();
                    SendRight port = message.takeSendRight(0)) {
                peer.kill();
                try (IOSurface surface = IOSurface.fromMachPort(port);
                        SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
                    assertEquals(99, lock.plane(0).bytes().get(7));
                    assertEquals(1, surface.seed());
                }
            }
        }
    }

    /** Returns device and inode of each shared object that a process maps. */
    private static List<String> mappedObjects(long pid) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
            return maps.filter(line -> line.contains(MEMORY))
                    .map(line -> line.split(" +"))
                    .map(fields -> fields[3] + " " + fields[4])
                    .toList();
        }
    }
}
