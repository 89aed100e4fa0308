/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A test of surfaces ends with none open, and with as many descriptors of their memory as it began. */
@Timeout(120)
abstract class SurfaceLeaks {
    /** How Linux shows the memory of a surface among the descriptors of a process. */
    static final String MEMORY = "memfd:machframe-surface";

    long descriptors;

    @BeforeEach
    void countDescriptors() {
        descriptors = ProcessResources.descriptors(MEMORY);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(descriptors, ProcessResources.descriptors(MEMORY));
        assertEquals(List.of(), LeakDetector.open());
    }

    static IOSurface small() throws MachException {
        return IOSurface.create(SurfaceProperties.of(64, 64, PixelFormat.BGRA));
    }

    /** Returns another object of the same surface, as a peer has it. */
    static IOSurface again(IOSurface surface) throws MachException {
        try (SendRight port = surface.createMachPort()) {
            return IOSurface.fromMachPort(port);
        }
    }
}
