/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lwjgl.opengl.GL33C.*;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.core.testing.abi.StubLibrary;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.gl.darwin.OpenGlFramework;
import io.machframe.surface.layout.SurfaceProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CGL would be asked for, seen by a library that takes its place; a texture is then whatever it was. */
@RequiresCapability(TestCapability.OPENGL)
class IOSurfaceBinderTest {
    private static final long CONTEXT = 0x7700_0000_1000L;
    private static final long BAD_VALUE = 10008;

    private static StubLibrary library;
    private static HeadlessGl context;

    private final IOSurfaceBinder binder = new IOSurfaceBinder();

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        library = StubLibrary.compile(folder, List.of(OpenGlFramework.class), List.of());
        OpenGlFramework.bind(library.path().toString());
        context = HeadlessGl.openSoftware();
    }

    @AfterAll
    static void close() {
        context.close();
    }

    @BeforeEach
    void reset() {
        library.reset();
        library.answer("CGLGetCurrentContext", CONTEXT);
    }

    private List<Long> asked(PixelFormat format, int index, boolean toDraw) throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(1920, 1080, format))) {
            int texture = binder.bind(surface, index, PlaneTexels.of(surface, index), toDraw);
            assertTrue(glIsTexture(texture));
            binder.delete(new int[] {texture});
            StubCall call = library.calls("CGLTexImageIOSurface2D").get(0);
            return IntStream.range(0, 9).mapToObj(call::argument).toList();
        }
    }

    /** The reference is 0, as on any system but macOS. */
    private static List<Long> call(long internal, long width, long height, long format, long type, long plane) {
        return List.of(CONTEXT, (long) GL_TEXTURE_RECTANGLE, internal, width, height, format, type, 0L, plane);
    }

    @Test
    void theChromaOfNv12IsBoundAsPairsOfBytes() throws Exception {
        assertEquals(call(GL_RG8, 960, 540, GL_RG, GL_UNSIGNED_BYTE, 1), asked(PixelFormat.NV12_VIDEO, 1, false));
    }

    @Test
    void bgraIsBoundAsItIs() throws Exception {
        assertEquals(
                call(GL_RGBA8, 1920, 1080, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, 0), asked(PixelFormat.BGRA, 0, true));
    }

    /** CGL has no other order of four bytes, so the channels are put right when they are sampled. */
    @Test
    void rgbaIsBoundAsBgraAndSwizzled() throws Exception {
        assertEquals(
                call(GL_RGBA8, 1920, 1080, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, 0), asked(PixelFormat.RGBA, 0, false));
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(8, 8, PixelFormat.RGBA))) {
            int texture = binder.bind(surface, 0, PlaneTexels.of(surface, 0), false);
            glBindTexture(GL_TEXTURE_RECTANGLE, texture);
            assertEquals(GL_BLUE, glGetTexParameteri(GL_TEXTURE_RECTANGLE, GL_TEXTURE_SWIZZLE_R));
            assertEquals(GL_RED, glGetTexParameteri(GL_TEXTURE_RECTANGLE, GL_TEXTURE_SWIZZLE_B));
            binder.delete(new int[] {texture});
            GlException drawn =
                    assertThrows(GlException.class, () -> binder.bind(surface, 0, PlaneTexels.of(surface, 0), true));
            assertTrue(drawn.getMessage().contains("other colours"), drawn.getMessage());
        }
    }

    @Test
    void whatCglRefusesLeavesNoTexture() throws Exception {
        library.answer("CGLTexImageIOSurface2D", BAD_VALUE);
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(8, 8, PixelFormat.BGRA))) {
            int next = glGenTextures();
            glDeleteTextures(next);
            GlException refused =
                    assertThrows(GlException.class, () -> binder.bind(surface, 0, PlaneTexels.of(surface, 0), false));
            assertTrue(refused.getMessage().contains("CGL error 10008"), refused.getMessage());
            assertFalse(glIsTexture(next));
        }
    }

    @Test
    void formatsThatCglLacksAreRefusedByName() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(8, 8, PixelFormat.of("L565")))) {
            GlException refused =
                    assertThrows(GlException.class, () -> binder.bind(surface, 0, PlaneTexels.of(surface, 0), false));
            assertTrue(refused.getMessage().contains("RGB565"), refused.getMessage());
        }
    }
}
