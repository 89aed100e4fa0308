/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.testing.abi.StubLibrary;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.platform.SurfaceCalls;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/**
 * A test of surfaces whose IOSurface.framework and CoreFoundation are a stub. All such tests of a JVM share one; when a
 * test begins it answers as it is set up. They are for systems where no test needs the real ones.
 */
abstract class StubbedFrameworks {
    static final long SURFACE = SurfaceStub.SURFACE;

    static final Component DEPTH =
            new Component(ComponentName.LUMA, ComponentType.UNSIGNED_INTEGER, ComponentRange.VIDEO, 10, 6);

    static final SurfaceLayout PICTURE = new SurfaceLayout(
            PixelFormat.BGRA,
            Subsampling.NONE,
            64,
            10,
            false,
            List.of(new Plane(64, 10, 4, 1, 2, 256, 0, 0x1_0000_0001L)),
            List.of(List.of()),
            0x1_0000_0001L);

    static final SurfaceLayout PLANAR = new SurfaceLayout(
            new PixelFormat(0xf4323076),
            Subsampling.YUV_420,
            1280,
            720,
            true,
            List.of(
                    new Plane(1280, 720, 1, 1, 1, 1280, 64, 921_600, 64, 8),
                    new Plane(640, 360, 2, 3, 1, 1280, 921_664, 460_800, 0, 10)),
            List.of(List.of(), List.of(DEPTH, DEPTH)),
            0x1_0000_0001L);

    static final SurfaceProperties PLAIN = SurfaceProperties.unspecified();

    final SurfaceStub stub = SurfaceStub.shared();
    final StubLibrary library = stub.library();
    final SurfaceCalls calls = stub.calls();

    @BeforeEach
    void reset() {
        stub.reset();
    }

    static int code(Executable call) {
        return assertThrows(SurfaceException.class, call).reason().code();
    }

    final void assertEverythingIsReleased() {
        Map<Long, Integer> references = stub.references();
        assertFalse(references.isEmpty());
        references.forEach((object, count) -> assertEquals(0, count, () -> Long.toHexString(object)));
    }
}
