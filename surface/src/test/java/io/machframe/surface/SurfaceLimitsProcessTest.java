/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.MemoryGroup;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Surfaces in processes that may not have much. Errors, no signals, and everything works again afterwards. */
@RequiresCapability({TestCapability.LINUX, TestCapability.PRLIMIT})
@Timeout(120)
final class SurfaceLimitsProcessTest {
    /** Scenario G.3-35: a memfd is in no file system that could be full, but in memory that can be. */
    @Test
    @RequiresCapability(TestCapability.MEMORY_GROUP)
    void aSurfaceThatHasNoMemoryIsAnErrorAndTheProcessLives() throws Exception {
        try (MemoryGroup group = MemoryGroup.ofBytes(400 << 20)) {
            run(group.prefix(), "many", "KERN_RESOURCE_SHORTAGE");
        }
    }

    /** Scenario G.3-35, where no memory can be made scarce: the size of files is limited. */
    @Test
    void aSurfaceThatHasNoRoomIsAnErrorAndASmallerOneIsMade() throws Exception {
        run(List.of("prlimit", "--fsize=" + (16 << 20)), "once", "KERN_NO_SPACE");
    }

    @Test
    void aProcessWithFewDescriptorsGetsErrors() throws Exception {
        run(List.of("prlimit", "--nofile=64:64"), "many", "KERN_NO_SPACE");
    }

    @Test
    void aProcessWithFewAddressesGetsErrors() throws Exception {
        run(List.of("prlimit", "--as=" + (4L << 30)), "many", "KERN_RESOURCE_SHORTAGE");
    }

    @Test
    void memoryOfOthersThatHasNoRoomIsAnError() throws Exception {
        run(List.of("prlimit", "--as=" + (4L << 30)), "imported", "KERN_RESOURCE_SHORTAGE");
        run(List.of("prlimit", "--nofile=64:64"), "imported", "KERN_NO_SPACE");
    }

    private static void run(List<String> prefix, String what, String reason) throws IOException, InterruptedException {
        try (ChildProcess child = ChildProcess.start(prefix, Hoarder.class, what)) {
            assertEquals(reason, child.readLine());
            assertEquals("usable again, 0 left", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    /** Makes surfaces until there is no room for more, tells why, and gives all back. */
    static final class Hoarder {
        private static final SurfaceProperties LARGE = SurfaceProperties.of(3840, 2160, PixelFormat.BGRA);

        private Hoarder() {}

        public static void main(String[] arguments) throws IOException {
            reason(List.of(), SurfaceProperties.ofSize(1L << 41), -1); // loads the classes of errors
            Errno.code(LibC.EMFILE);
            Limits.explainMemory(LibC.EMFILE);
            int imported = arguments[0].equals("imported") ? HostileMemory.sealed(64 << 20) : -1;
            List<IOSurface> hoard = new ArrayList<>();
            String reason = null;
            while (reason == null) {
                reason = reason(hoard, LARGE, imported);
            }
            hoard.forEach(IOSurface::close);
            hoard.clear();
            System.out.println(reason);
            IOSurface.create(SurfaceProperties.of(640, 480, PixelFormat.BGRA)).close();
            System.out.println("usable again, " + ProcessResources.descriptors("memfd:machframe") + " left");
        }

        private static String reason(List<IOSurface> hoard, SurfaceProperties properties, int imported) {
            try {
                hoard.add(imported < 0 ? IOSurface.create(properties) : IOSurface.createInMemory(imported, properties));
                return null;
            } catch (MachException e) {
                return e.reason().name();
            }
        }
    }
}
