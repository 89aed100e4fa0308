/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.PurgeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** How often a process is killed after each step; 50 for the whole scenario. */
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 1);

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
    void aKillAtAnyStepOfSharingLeavesNothingInUseAndNothingOpen() throws Exception {
        List<List<String>> steps = List.of(
                List.of(),
                List.of("receive port"),
                List.of("receive"),
                List.of("receive", "use"),
                List.of("use and lock"),
                List.of("receive", "make port"),
                List.of("receive", "export"),
                List.of("receive", "write 0 1", "attach"),
                List.of("receive", "purge"),
                List.of("receive", "close"));
        long descriptors = ProcessResources.descriptors(MEMORY);
        for (int round = 0; round < ROUNDS; round++) {
            for (List<String> commands : steps) {
                killAfter(commands);
                assertEquals(descriptors, ProcessResources.descriptors(MEMORY));
            }
        }
    }

    private static void killAfter(List<String> commands) throws Exception {
        try (IOSurface surface = SurfacePeer.picture()) {
            try (SurfacePeer peer = new SurfacePeer()) {
                peer.send(surface);
                for (String command : commands) {
                    assertNotEquals("", peer.ask(command));
                }
                peer.kill();
                assertFalse(surface.isInUse(), () -> "in use after " + commands);
            }
            surface.incrementUseCount();
            assertTrue(surface.isInUse());
            surface.attachments().set("after", "it is still usable");
            surface.setPurgeable(PurgeState.NON_VOLATILE);
            surface.lock().close();
        }
    }

    /** What arrives is whole and usable, or does not arrive. */
    @Test
    void aMakerKilledAtAnyStepOfSharingLeavesNoMoreThanItSent() throws Exception {
        List<List<String>> steps = List.of(
                List.of("make"),
                List.of("make", "use"),
                List.of("make", "make port"),
                List.of("make", "make port", "send port"),
                List.of("make", "make port", "send port", "close"),
                List.of("make", "use and lock made", "make port", "send port"));
        for (int round = 0; round < ROUNDS; round++) {
            for (List<String> commands : steps) {
                killMakerAfter(commands);
                assertEquals(0, ProcessResources.descriptors(MEMORY));
                assertEquals(0, ProcessResources.mappings(MEMORY));
            }
        }
    }

    private static void killMakerAfter(List<String> commands) throws Exception {
        try (ReceiveRight inbox = Task.self().allocatePort();
                SurfacePeer maker = new SurfacePeer()) {
            maker.sendReplyPort(inbox);
            maker.ask("receive reply port");
            for (String command : commands) {
                assertNotEquals("", maker.ask(command));
            }
            maker.kill();
            Optional<ReceivedMessage> arrived = ReceivedMessage.tryReceiveFrom(inbox, Duration.ZERO);
            assertEquals(commands.contains("send port"), arrived.isPresent(), commands::toString);
            if (arrived.isPresent()) {
                try (ReceivedMessage message = arrived.get();
                        SendRight port = message.takeSendRight(0);
                        IOSurface surface = IOSurface.fromMachPort(port)) {
                    assertTrue(surface.isInUse());
                    port.close();
                    assertFalse(surface.isInUse(), commands::toString);
                    surface.lock().close();
                }
            }
        }
    }

    /** A peer that has the memory may spoil it, also its description, but not cut it off. */
    @Test
    void aPeerThatTriesToTruncateASurfaceHarmsNobodyWhoHoldsIt() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            peer.send(surface);
            assertEquals("port received", peer.ask("receive port"));
            String worked = peer.ask("attack");
            assertFalse(worked.contains("shrink") || worked.contains("grow") || worked.contains("seal"), worked);
            try (SurfaceLock lock = surface.lock()) {
                while (lock.buffer().hasRemaining()) {
                    lock.buffer().put((byte) 1);
                }
            }
            assertEquals(320, surface.width());
            surface.attachments().set("after", 1);
            try (SendRight port = surface.createMachPort();
                    IOSurface same = IOSurface.fromMachPort(port)) {
                assertEquals(surface, same);
            } catch (MachException e) {
                assertEquals(KernReturn.KERN_INVALID_CAPABILITY, e.reason().code()); // its description is gone
            }
        }
    }

    @Test
    void aPeerThatMayOnlyReadSeesEveryWriteAndCanMakeNone() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = SurfacePeer.picture()) {
            surface.attachments().set("maker", "before");
            try (OutgoingMessage message = OutgoingMessage.builder()
                    .move(surface.createReadOnlyMachPort())
                    .build()) {
                message.sendTo(peer.inbox());
            }
            assertTrue(surface.isInUse());
            assertEquals("port received", peer.ask("receive port"));
            assertEquals("[]", peer.ask("attack"));
            assertEquals("true before", peer.ask("adopt"));
            assertEquals("refused", peer.ask("write 0 1"));
            assertEquals("refused", peer.ask("attach"));
            assertEquals("refused", peer.ask("purge"));
            for (int value = 1; value < 5; value++) {
                try (SurfaceLock lock = surface.lock()) {
                    lock.plane(0).bytes().put(1000, (byte) value);
                }
                assertEquals(Integer.toString(value), peer.ask("read 1000"));
                assertEquals(Integer.toString(value), peer.ask("seed"));
            }
            assertEquals("1", peer.ask("use"));
            assertTrue(surface.isInUse());
            surface.attachments().set("maker", "after");
            assertEquals("after", peer.ask("attached"));
            assertFalse(surface.isReadOnly());
            assertThrows(MachException.class, () -> surface.setPurgeable(PurgeState.EMPTY));
            assertEquals(PurgeState.NON_VOLATILE, surface.setPurgeable(PurgeState.KEEP_CURRENT));
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

    @Test
    void aProcessOutOfDescriptorsGetsErrorsAndLosesNothing() throws Exception {
        try (ChildProcess child = ChildProcess.start(List.of("prlimit", "--nofile=64:64"), Hoarder.class)) {
            for (String step : List.of("create", "createMachPort", "incrementUseCount", "fromMachPort")) {
                assertEquals(step + ": KERN_NO_SPACE, 0 left", child.readLine());
            }
            assertEquals(0, child.waitFor());
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

    /** Uses up all descriptors in four ways, tells how that fails, and what is left after giving all back. */
    static final class Hoarder {
        private interface Step {
            AutoCloseable run() throws MachException;
        }

        private Hoarder() {}

        public static void main(String[] arguments) throws Exception {
            // Loads the classes of errors while there are descriptors to read them by.
            Errno.code(LibC.EMFILE);
            fill(() -> IOSurface.create(SurfaceProperties.ofSize(1L << 41)), new ArrayList<>());
            report("create", SurfacePeer::picture);
            report("createMachPort", () -> {
                try (IOSurface surface = SurfacePeer.picture()) {
                    return surface.createMachPort();
                }
            });
            report("incrementUseCount", () -> {
                IOSurface surface = SurfacePeer.picture();
                try {
                    surface.incrementUseCount();
                    return surface;
                } catch (MachException e) {
                    surface.close();
                    throw e;
                }
            });
            String reason;
            try (IOSurface surface = SurfacePeer.picture();
                    SendRight port = surface.createMachPort()) {
                surface.close();
                List<AutoCloseable> hoard = new ArrayList<>();
                fill(SurfacePeer::picture, hoard);
                reason = fill(() -> IOSurface.fromMachPort(port), new ArrayList<>());
                closeAll(hoard);
                IOSurface.fromMachPort(port).close();
            }
            System.out.println("fromMachPort: " + reason + ", " + ProcessResources.descriptors(MEMORY) + " left");
        }

        private static void report(String name, Step step) throws Exception {
            List<AutoCloseable> hoard = new ArrayList<>();
            String reason = fill(step, hoard);
            closeAll(hoard);
            step.run().close();
            System.out.println(name + ": " + reason + ", " + ProcessResources.descriptors(MEMORY) + " left");
        }

        private static String fill(Step step, List<AutoCloseable> hoard) {
            while (true) {
                try {
                    hoard.add(step.run());
                } catch (MachException e) {
                    return e.reason().name();
                }
            }
        }

        private static void closeAll(List<AutoCloseable> hoard) throws Exception {
            for (AutoCloseable object : hoard) {
                object.close();
            }
        }
    }
}
