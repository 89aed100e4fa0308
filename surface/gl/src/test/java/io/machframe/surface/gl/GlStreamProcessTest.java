/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.StreamEnd;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One process draws by OpenGL, another samples what it drew: every pixel, by every pair of ways. */
@RequiresCapability(TestCapability.OPENGL)
@Timeout(300)
class GlStreamProcessTest {
    private final String name = "gl-" + UUID.randomUUID();
    private HeadlessGl context;
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        context = HeadlessGl.openSoftware();
        scene = new Scene();
    }

    @AfterEach
    void close() {
        scene.close();
        context.close();
    }

    static Stream<Arguments> pathsAndFormats() {
        return Stream.of(GlPath.DMA_BUF, GlPath.MEMORY_OBJECT, GlPath.COPY).flatMap(path -> Stream.of(
                        PixelFormat.BGRA, PixelFormat.RGBA, PixelFormat.RGBA_HALF, PixelFormat.NV12_VIDEO)
                .flatMap(format -> Stream.of(false, true).map(mayWrite -> Arguments.of(path, format, mayWrite))));
    }

    @ParameterizedTest
    @MethodSource("pathsAndFormats")
    void eachFrameIsSampledAsItWasDrawn(GlPath path, PixelFormat format, boolean clientsMayWrite) throws Exception {
        GlInterop gl = GlInterop.ofCurrentContext(EnumSet.of(path));
        try (RendererPeer peer = RendererPeer.start(name, FrameFormat.of(644, 360, format), path, clientsMayWrite);
                FrameClient client = FrameClient.connect(name);
                GlFrameClient frames = new GlFrameClient(gl, client)) {
            assertFalse(frames.advance());
            for (int i = 0; i < 12; i++) {
                GlPath drawn = peer.draw(i);
                assertTrue(drawn == gl.path() || drawn == GlPath.COPY);
                assertTrue(frames.advance());
                GlSurfaceTexture texture = frames.texture();
                assertNotNull(texture);
                assertEquals(i, frames.frame().sequence());
                assertEquals(0, Scene.wrongBytes(texture.surface(), i), "drawn by " + drawn);
                assertEquals(0, scene.wrongTexels(texture), "sampled by " + texture.path());
            }
        }
    }

    @Test
    void aRendererThatIsKilledLeavesItsLastFrameAndAnotherTakesOver() throws Exception {
        GlInterop gl = GlInterop.ofCurrentContext();
        FrameFormat format = FrameFormat.of(320, 240, PixelFormat.RGBA);
        RendererPeer first = RendererPeer.start(name, format, GlPath.MEMORY_OBJECT, false);
        try (FrameClient client = FrameClient.connect(name);
                GlFrameClient frames = new GlFrameClient(gl, client)) {
            first.draw(7);
            assertTrue(frames.advance());
            first.kill();
            while (client.end().isEmpty()) {
                assertFalse(frames.advance());
                Thread.sleep(1);
            }
            assertEquals(Optional.of(StreamEnd.PRODUCER_LOST), client.end());
            assertEquals(0, scene.wrongTexels(frames.texture()), "the last frame");
            assertEquals(0, Scene.wrongBytes(frames.texture().surface(), 7));
        } finally {
            first.close();
        }
        try (RendererPeer second = RendererPeer.start(name, format, GlPath.MEMORY_OBJECT, false);
                FrameClient client = FrameClient.connect(name);
                GlFrameClient frames = new GlFrameClient(gl, client)) {
            second.draw(9);
            assertTrue(frames.advance());
            assertEquals(0, Scene.wrongBytes(frames.texture().surface(), 9));
        }
    }

    @Test
    void framesGoBackWhenTheContextIsGone() throws Exception {
        try (RendererPeer peer = RendererPeer.start(name, FrameFormat.of(64, 64, PixelFormat.RGBA), GlPath.COPY, true);
                FrameClient client = FrameClient.connect(name)) {
            for (int round = 0; round < 3; round++) {
                try (HeadlessGl lost = HeadlessGl.openSoftware()) {
                    GlInterop gl = GlInterop.ofCurrentContext();
                    GlFrameClient frames = new GlFrameClient(gl, client);
                    for (int i = 0; i < 4; i++) {
                        peer.draw(i);
                        assertTrue(frames.advance());
                    }
                    gl.contextGone();
                    lost.release();
                    frames.close();
                    assertEquals(0, client.statistics().held(), "frames still held");
                }
            }
            context.makeCurrent();
        }
    }
}
