/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.stream.SharedDescriptors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Surfaces that are found by their ids, between real processes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at what Linux keeps for a surface")
@Timeout(180)
final class GlobalSurfaceProcessTest {
    private static final String MEMORY = "memfd:machframe-surface";

    @AfterEach
    void nothingIsLeft() {
        // A surface of which a port was just given to somebody stays a little longer.
        assertEquals(0, ProcessResources.collectUntil(() -> ProcessResources.descriptors(MEMORY), 0));
        assertEquals(0, ProcessResources.mappings(MEMORY));
    }

    @Test
    void aGlobalSurfaceIsFoundByItsIdAndIsTheSameMemory() throws Exception {
        try (SurfacePeer peer = new SurfacePeer()) {
            int id = Integer.parseInt(peer.ask("make global"));
            try (IOSurface found = IOSurface.lookUp(id).orElseThrow()) {
                assertEquals(id, found.id());
                // Whoever answered lets go of the port a moment after it was sent.
                assertEquals(0, ProcessResources.collectUntil(() -> found.isInUse() ? 1 : 0, 0));
                assertEquals("written", peer.ask("write 77 5"));
                assertEquals(1, found.seed());
                try (SurfaceLock lock = found.lock(LockOption.READ_ONLY)) {
                    assertEquals(5, lock.plane(0).bytes().get(77));
                }
            }
        }
    }

    /** Scenario G.3-32. */
    @Test
    void twoLookUpsOfOneIdGiveTwoEqualObjects() throws Exception {
        try (IOSurface surface = SurfacePeer.globalPicture();
                IOSurface one = IOSurface.lookUp(surface.id()).orElseThrow();
                IOSurface two = IOSurface.lookUp(surface.id()).orElseThrow()) {
            assertNotSame(one, two);
            assertEquals(one, two);
            assertEquals(surface, two);
            assertEquals(one.hashCode(), two.hashCode());
            assertEquals(one.id(), two.id());
        }
    }

    /** Scenario G.3-33. */
    @Test
    void aSurfaceThatIsNotGlobalIsNotFound() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface secret = SurfacePeer.picture();
                IOSurface global = SurfacePeer.globalPicture()) {
            assertEquals("none", peer.ask("look up " + secret.id()));
            assertEquals("found", peer.ask("look up " + global.id()));
            assertEquals(Optional.empty(), IOSurface.lookUp(secret.id()));
            assertEquals(Optional.empty(), IOSurface.lookUp(0));
        }
    }

    @Test
    void anIdLivesAsLongAsAnyHolder() throws Exception {
        try (SurfacePeer maker = new SurfacePeer();
                SurfacePeer holder = new SurfacePeer();
                SurfacePeer late = new SurfacePeer()) {
            int id = Integer.parseInt(maker.ask("make global"));
            assertEquals("found", holder.ask("look up " + id));
            maker.kill();
            assertEquals("found", late.ask("look up " + id));
            assertEquals("closed", late.ask("close"));
            assertEquals("found", late.ask("look up " + id));
            late.kill();
            IOSurface.lookUp(id).orElseThrow().close();
            holder.kill();
            assertEquals(Optional.empty(), IOSurface.lookUp(id));
        }
    }

    @Test
    void aPortThatWaitsInAQueueKeepsTheIdUntilItIsDestroyed() throws Exception {
        try (ReceiveRight inbox = Task.self().allocatePort();
                SendRight toInbox = inbox.makeSend();
                SurfacePeer peer = new SurfacePeer()) {
            int id;
            try (IOSurface surface = SurfacePeer.globalPicture()) {
                id = surface.id();
                surface.incrementUseCount(); // given back with the surface, so the port alone counts
                try (SurfaceLock lock = surface.lock()) {
                    lock.plane(0).bytes().put(9, (byte) 99);
                }
                try (OutgoingMessage message =
                        OutgoingMessage.builder().move(surface.createMachPort()).build()) {
                    message.sendTo(toInbox);
                }
            }
            assertEquals("found", peer.ask("look up " + id));
            assertEquals("99", peer.ask("read 9"));
            assertEquals("true", peer.ask("in use"));
            assertEquals("closed", peer.ask("close"));
            try (IOSurface same = IOSurface.lookUp(id).orElseThrow()) {
                assertEquals(0, same.useCount());
                assertTrue(same.isInUse());
            }
            assertEquals("found", peer.ask("look up " + id));
            assertEquals("closed", peer.ask("close"));
            ReceivedMessage.receiveFrom(inbox).close();
            assertEquals(0, ProcessResources.collectUntil(() -> ProcessResources.descriptors(MEMORY), 0));
            assertEquals("none", peer.ask("look up " + id));
        }
    }

    /** As good as it gets: in Mach the port in the peer's queue would be enough. */
    @Test
    void anIdEndsWithTheLastProcessThatHasSeenTheSurface() throws Exception {
        try (SurfacePeer maker = new SurfacePeer();
                SurfacePeer receiver = new SurfacePeer();
                ReceiveRight inbox = Task.self().allocatePort()) {
            maker.sendReplyPort(inbox);
            int id = Integer.parseInt(maker.ask("make and send global"));
            try (IOSurface found = IOSurface.lookUp(id).orElseThrow();
                    ReceivedMessage received = ReceivedMessage.receiveFrom(inbox);
                    OutgoingMessage forwarded = OutgoingMessage.builder()
                            .move(received.takeSendRight(0))
                            .build()) {
                forwarded.sendTo(receiver.inbox());
                assertTrue(found.isInUse());
            }
            maker.kill();
            assertEquals("found", receiver.ask("look up " + id));
            assertEquals("closed", receiver.ask("close"));
            assertEquals("port received", receiver.ask("receive port"));
            assertEquals("port closed", receiver.ask("close port"));
            assertEquals(0, ProcessResources.collectUntil(() -> ProcessResources.descriptors(MEMORY), 0));
        }
    }

    @Test
    void lookUpsWhileTheSurfaceComesAndGoesFindItOrNothing() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                ReceiveRight inbox = Task.self().allocatePort();
                SendRight toInbox = inbox.makeSend()) {
            for (int i = 0; i < 100; i++) {
                int id;
                try (IOSurface surface = SurfacePeer.globalPicture()) {
                    id = surface.id();
                    peer.process().writeLine("look up " + id);
                    try (OutgoingMessage message = OutgoingMessage.builder()
                            .move(surface.createMachPort())
                            .build()) {
                        message.sendTo(toInbox);
                    }
                }
                ReceivedMessage.receiveFrom(inbox).close();
                if (peer.process().readLine().equals("found")) {
                    assertEquals("closed", peer.ask("close"));
                }
            }
        }
    }

    @Test
    void idsDifferInAllProcesses() throws Exception {
        List<Integer> ids = new ArrayList<>();
        List<IOSurface> kept = new ArrayList<>();
        try (SurfacePeer peer = new SurfacePeer()) {
            for (int i = 0; i < 50; i++) {
                ids.add(Integer.parseInt(peer.ask("make global")));
                IOSurface mine = SurfacePeer.globalPicture();
                kept.add(mine);
                ids.add(mine.id());
            }
            assertEquals(ids.size(), ids.stream().distinct().count());
            assertTrue(ids.stream().noneMatch(id -> id == 0));
        } finally {
            kept.forEach(IOSurface::close);
        }
    }

    @Test
    void lookingUpLeavesNothing() throws Exception {
        try (SurfacePeer peer = new SurfacePeer()) {
            int id = Integer.parseInt(peer.ask("make global"));
            IOSurface.lookUp(id).orElseThrow().close();
            long descriptors = SharedDescriptors.count();
            for (int i = 0; i < 200; i++) {
                IOSurface.lookUp(id).orElseThrow().close();
            }
            SharedDescriptors.requireAtMost(descriptors);
        }
    }

    /** A process of the same user that takes such a name and answers with something else fools nobody. */
    @Test
    void aLyingServerIsNotBelieved() throws Exception {
        try (ReceiveRight door = Bootstrap.checkIn(
                        "io.machframe.surfaces-" + ProcessHandle.current().pid());
                SurfacePeer peer = new SurfacePeer();
                IOSurface other = SurfacePeer.picture()) {
            Thread liar = new Thread(() -> answerAll(door, other));
            liar.start();
            assertEquals("none", peer.ask("look up 4711"));
            int id = Integer.parseInt(peer.ask("make global"));
            IOSurface.lookUp(id).orElseThrow().close();
            door.close();
            liar.join();
        }
    }

    private static void answerAll(ReceiveRight door, IOSurface surface) {
        try {
            while (true) {
                try (ReceivedMessage question = ReceivedMessage.receiveFrom(door);
                        SendOnceRight asker = question.takeReplyOnce();
                        OutgoingMessage lie = OutgoingMessage.builder()
                                .move(surface.createMachPort())
                                .build()) {
                    lie.sendTo(asker);
                }
            }
        } catch (Exception closed) {
            // The test is over.
        }
    }

    @Test
    void aServerThatIsStoppedDelaysButHidesNothing() throws Exception {
        try (SurfacePeer stopped = new SurfacePeer();
                SurfacePeer peer = new SurfacePeer()) {
            stopped.ask("make global");
            int id = Integer.parseInt(peer.ask("make global"));
            stopped.process().stop();
            IOSurface.lookUp(id).orElseThrow().close();
            stopped.process().goOn();
        }
    }
}
