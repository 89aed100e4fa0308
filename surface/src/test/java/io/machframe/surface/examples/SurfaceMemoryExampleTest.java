/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code memory}. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is shared by descriptors on Linux")
@ExtendWith(RightsLedger.class)
class SurfaceMemoryExampleTest {
    // @start region="export"
    /** Describes a surface's memory to a library that knows descriptors, as Wayland, V4L2 and GStreamer do. */
    static String export(IOSurface surface) throws SurfaceException {
        try (ExportedMemory memory = surface.exportMemory()) {
            ExportedMemory.Place plane = memory.planes().get(0);
            return String.format(
                    "fd %d, DRM format %#x, offset %d, stride %d",
                    memory.descriptor(), memory.drmFormat().orElse(0), plane.offset(), plane.bytesPerRow());
        }
    }
    // @end

    // @start region="import"
    /** Makes a surface of memory that another library made: the picture is not copied. */
    static IOSurface adopt(int descriptor, long offset, int stride) throws SurfaceException {
        SurfaceProperties picture = SurfaceProperties.of(640, 480, PixelFormat.BGRA);
        return IOSurface.createInMemory(descriptor, picture.withOffset(offset).withBytesPerRow(stride));
    }
    // @end

    @Test
    void memoryIsExportedAndTakenInAgain() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(640, 480, PixelFormat.BGRA))) {
            String description = export(surface);
            assertEquals("DRM format 0x34325241, offset 4096, stride 2560", description.replaceFirst("fd \\d+, ", ""));
            try (ExportedMemory memory = surface.exportMemory();
                    IOSurface same = adopt(memory.descriptor(), 4096, 2560)) {
                try (SurfaceLock lock = surface.lock()) {
                    lock.plane(0).bytes().putInt(0, 42);
                }
                try (SurfaceLock lock = same.lock()) {
                    assertEquals(42, lock.plane(0).bytes().getInt(0));
                }
            }
        }
    }
}
