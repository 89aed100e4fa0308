/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lwjgl.opengl.GL;
import org.lwjgl.opengl.GL11C;

@RequiresCapability(TestCapability.OPENGL)
class HeadlessGlTest {
    @Test
    void itIsCurrentWhereItWasOpenedUntilItIsClosed() throws Exception {
        try (HeadlessGl context = HeadlessGl.open()) {
            assertEquals(context.renderer(), GL11C.glGetString(GL11C.GL_RENDERER));
            assertFalse(context.version().isBlank());
            assertTrue(GL.getCapabilities().OpenGL33);
        }
        assertThrows(IllegalStateException.class, GL::getCapabilities);
    }

    @Test
    void anotherThreadTakesItAfterThisReleasedIt() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (HeadlessGl context = HeadlessGl.openSoftware()) {
            assertThrows(Exception.class, () -> other.submit(() -> {
                        context.makeCurrent();
                        return null;
                    })
                    .get());
            context.release();
            String renderer = other.submit(() -> {
                        context.makeCurrent();
                        String seen = GL11C.glGetString(GL11C.GL_RENDERER);
                        context.release();
                        return seen;
                    })
                    .get();
            assertEquals(context.renderer(), renderer);
            context.makeCurrent();
        } finally {
            other.shutdown();
            assertTrue(other.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void aClosedOneCannotBeUsed() throws Exception {
        HeadlessGl context = HeadlessGl.openSoftware();
        context.close();
        context.close();
        assertThrows(IllegalStateException.class, context::makeCurrent);
    }

    @Test
    void objectsOfAContextAreRefusedWhereItIsNotCurrent() throws Exception {
        try (HeadlessGl first = HeadlessGl.openSoftware();
                IOSurface surface = Texels.surface(4, 4, PixelFormat.BGRA)) {
            GlInterop gl = GlInterop.ofCurrentContext();
            GlSurfaceTexture texture = gl.texture(surface);
            first.release();
            assertThrows(IllegalStateException.class, texture::update);
            assertThrows(IllegalStateException.class, () -> gl.texture(surface));
            try (HeadlessGl second = HeadlessGl.openSoftware()) {
                assertThrows(IllegalStateException.class, texture::update, second::renderer);
            }
            int name = texture.texture(0);
            texture.close(); // waits for its context
            assertThrows(IllegalStateException.class, () -> texture.texture(0));
            first.makeCurrent();
            assertTrue(GL11C.glIsTexture(name));
            gl.close();
            assertFalse(GL11C.glIsTexture(name));
        }
    }

    @Test
    void onceTheContextIsGoneNothingIsCalledButAllCanBeClosed() throws Exception {
        try (HeadlessGl context = HeadlessGl.openSoftware();
                IOSurface surface = Texels.surface(4, 4, PixelFormat.RGBA)) {
            GlInterop gl = GlInterop.ofCurrentContext();
            assertFalse(gl.isContextLost());
            GlSurfaceTexture texture = gl.texture(surface);
            GlSurfaceTarget target = gl.target(surface);
            gl.contextGone();
            assertThrows(IllegalStateException.class, texture::update);
            assertThrows(IllegalStateException.class, target::begin);
            texture.close();
            target.close();
            gl.close();
        }
    }
}
