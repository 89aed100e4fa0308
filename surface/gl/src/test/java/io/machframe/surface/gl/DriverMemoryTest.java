/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Alignment;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import org.junit.jupiter.api.Test;

/** Surfaces born in the driver's memory: what is checked of its answers, and the whole where it exports. */
class DriverMemoryTest {
    private static final int ABGR8888 = 0x34324241; // "AB24": red first in memory

    @Test
    void whatOthersCouldNotReadIsRefused() {
        assertDoesNotThrow(() -> new DriverMemory.Export(ABGR8888, 1, 0).requireReadable(GlTexture.RGBA8));
        assertRefused(new DriverMemory.Export(ABGR8888, 1, 0x0100000000000002L), GlTexture.RGBA8, "modifier 0x1000000");
        assertRefused(new DriverMemory.Export(ABGR8888, 2, 0), GlTexture.RGBA8, "2 planes");
        assertRefused(new DriverMemory.Export(ABGR8888, 1, 0), GlTexture.BGRA8, "stores BGRA8 as format 0x34324241");
        assertRefused(new DriverMemory.Export(ABGR8888, 1, 0), GlTexture.RGBA32F, "no format for RGBA32F");
    }

    private static void assertRefused(DriverMemory.Export export, GlTexture format, String why) {
        String message = assertThrows(GlException.class, () -> export.requireReadable(format))
                .getMessage();
        assertTrue(message.contains(why), message);
    }

    @Test
    void rowsAreWhereTheDriverHasThem() {
        SurfaceProperties stored = DriverMemory.asStored(SurfaceProperties.of(641, 3, PixelFormat.RGBA), 2624, 128);
        SurfaceLayout layout = SurfaceLayout.of(stored, new Alignment(64, 64));
        assertEquals(2624, layout.planes().get(0).bytesPerRow());
        assertEquals(128, layout.planes().get(0).offset());
    }

    @Test
    @RequiresCapability(TestCapability.OPENGL)
    void itIsDrawnIntoWithoutACopyOrTheReasonIsTold() throws Exception {
        try (HeadlessGl context = HeadlessGl.openSoftware();
                Scene scene = new Scene()) {
            GlInterop gl = GlInterop.ofCurrentContext();
            String unknown = assertThrows(GlException.class, () -> gl.createInDriver(8, 8, PixelFormat.NV12_VIDEO))
                    .getMessage();
            assertTrue(unknown.contains("420v"), unknown);
            IOSurface made = null;
            try {
                made = gl.createInDriver(644, 360, PixelFormat.RGBA);
            } catch (GlException e) {
                assertTrue(e.getMessage().contains("EGL_MESA_image_dma_buf_export"), e.getMessage());
            }
            assumeTrue(made != null, "needs a driver that exports its memory: Mesa 25 and /dev/udmabuf");
            try (IOSurface surface = made;
                    GlSurfaceTarget target = gl.target(surface)) {
                assertEquals(GlPath.DMA_BUF, target.path(), target.refusals());
                scene.draw(target, 4);
                assertEquals(0, Scene.wrongBytes(surface, 4), context.renderer());
            }
        }
    }
}
