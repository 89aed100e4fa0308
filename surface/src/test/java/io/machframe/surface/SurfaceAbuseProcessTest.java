/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.PurgeState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Peers that do with a surface what they may not, and processes that have no descriptor left for one. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at what Linux keeps for a surface")
@Timeout(180)
final class SurfaceAbuseProcessTest {
    private static final String MEMORY = "memfd:machframe-surface";

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
    void aProcessOutOfDescriptorsGetsErrorsAndLosesNothing() throws Exception {
        try (ChildProcess child = ChildProcess.start(List.of("prlimit", "--nofile=64:64"), Hoarder.class)) {
            for (String step : List.of("create", "createMachPort", "incrementUseCount", "fromMachPort")) {
                assertEquals(step + ": KERN_NO_SPACE, 0 left", child.readLine());
            }
            assertEquals(0, child.waitFor());
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
            Limits.explainMemory(LibC.EMFILE);
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
