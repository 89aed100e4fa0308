/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl.examples;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.Background;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.gl.GlFrameClient;
import io.machframe.surface.gl.GlFrameTargets;
import io.machframe.surface.gl.GlInterop;
import io.machframe.surface.gl.GlPicture;
import io.machframe.surface.gl.GlSurfaceTarget;
import io.machframe.surface.gl.GlSurfaceTexture;
import io.machframe.surface.gl.HeadlessGl;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import io.machframe.surface.stream.StreamDirectory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lwjgl.opengl.GL30C;

/** The examples of the package page of {@code gl}. */
@RequiresCapability(TestCapability.OPENGL)
@Timeout(120)
class GlExampleTest {
    private volatile int seen;

    private boolean more() {
        return seen == 0;
    }

    private static void drawScene() {
        GL30C.glClearColor(1, 0.4f, 0.2f, 1);
        GL30C.glClear(GL30C.GL_COLOR_BUFFER_BIT | GL30C.GL_DEPTH_BUFFER_BIT);
    }

    // @start region="draw"
    void draw() throws Exception {
        try (FrameServer server = FrameServer.open("scene", FrameFormat.of(640, 360, PixelFormat.RGBA));
                HeadlessGl context = HeadlessGl.open(); // or a window's, of GLFW say
                GlInterop gl = GlInterop.ofCurrentContext();
                GlFrameTargets targets = new GlFrameTargets(gl)) {
            while (more()) {
                try (FrameDraft draft = server.acquire()) {
                    GlSurfaceTarget target = targets.begin(draft); // binds its framebuffer
                    drawScene();
                    target.end();
                    draft.publish();
                }
            }
        }
    }
    // @end

    // @start region="show"
    void show() throws Exception {
        try (FrameClient client = FrameClient.connect("scene");
                HeadlessGl context = HeadlessGl.open();
                GlInterop gl = GlInterop.ofCurrentContext();
                GlFrameClient frames = new GlFrameClient(gl, client);
                GlPicture picture = new GlPicture(gl)) {
            bindWindow();
            while (more()) {
                frames.advance(); // to the newest frame, if there is a newer one
                GlSurfaceTexture texture = frames.texture();
                if (texture != null) {
                    picture.draw(texture, frames.frame().info());
                    swapBuffers();
                }
            }
        }
    }
    // @end

    private static void bindWindow() {
        int texture = GL30C.glGenTextures();
        GL30C.glBindTexture(GL30C.GL_TEXTURE_2D, texture);
        GL30C.glTexImage2D(
                GL30C.GL_TEXTURE_2D, 0, GL30C.GL_RGBA8, 64, 36, 0, GL30C.GL_RGBA, GL30C.GL_UNSIGNED_BYTE, (ByteBuffer)
                        null);
        GL30C.glBindFramebuffer(GL30C.GL_FRAMEBUFFER, GL30C.glGenFramebuffers());
        GL30C.glFramebufferTexture2D(GL30C.GL_FRAMEBUFFER, GL30C.GL_COLOR_ATTACHMENT0, GL30C.GL_TEXTURE_2D, texture, 0);
        GL30C.glViewport(0, 0, 64, 36);
    }

    private void swapBuffers() {
        int[] pixel = new int[1];
        GL30C.glReadPixels(32, 18, 1, 1, GL30C.GL_RGBA, GL30C.GL_UNSIGNED_BYTE, pixel);
        seen = pixel[0];
    }

    @Test
    void whatOneThreadDrawsAnotherShows() throws Exception {
        Thread publisher = Background.start(this::draw);
        await("the stream is listed", () -> StreamDirectory.list().stream()
                .anyMatch(stream -> stream.name().equals("scene")));
        show();
        publisher.join();
        assertEquals(0xff3366ff, seen);
    }
}
