/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.SurfaceProperties;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pixel, by every way that this machine's OpenGL has; a way that it lacks must say why. */
@RequiresCapability(TestCapability.OPENGL)
class GlPathTest {
    private static final int[][] SIZES = {{1, 1}, {3, 3}, {64, 48}, {641, 359}, {1001, 601}, {1366, 768}};

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

    private static GlInterop only(GlPath path) throws GlException {
        return GlInterop.ofCurrentContext(EnumSet.of(path));
    }

    static Stream<Arguments> pathsAndFormats() {
        return Stream.of(GlPath.values())
                .flatMap(path -> Texels.formats().stream().map(format -> Arguments.of(path, format)));
    }

    @ParameterizedTest
    @MethodSource("pathsAndFormats")
    void whatTheProcessorWroteIsSampled(GlPath path, PixelFormat format) throws Exception {
        GlInterop gl = only(path);
        try (IOSurface surface = Texels.surface(67, 35, format);
                GlSurfaceTexture texture = gl.texture(surface)) {
            Texels.fill(surface, 1);
            texture.update();

            assertEquals(0, scene.wrongTexels(texture), texture.path() + ": " + texture.refusals());
            assertTrue(texture.path() == path
                    || !reason(gl, path, texture.refusals()).isEmpty());

            Texels.fill(surface, 2);
            texture.update();
            assertEquals(0, scene.wrongTexels(texture), "the second picture");
        }
    }

    @ParameterizedTest
    @MethodSource("pathsAndFormats")
    void whatOpenGlDrewIsInTheBytes(GlPath path, PixelFormat format) throws Exception {
        GlInterop gl = only(path);
        try (IOSurface surface = Texels.surface(67, 35, format);
                GlSurfaceTarget target = gl.target(surface)) {
            Texels.fill(surface, 1);
            int seed = surface.seed();
            scene.draw(target, 0);

            assertEquals(0, Scene.wrongBytes(surface, 0), target.path() + ": " + target.refusals());
            assertEquals(0, paddingTouched(surface));
            assertTrue(surface.seed() != seed);
            assertTrue(target.path() == path
                    || !reason(gl, path, target.refusals()).isEmpty());

            scene.draw(target, 5);
            assertEquals(0, Scene.wrongBytes(surface, 5), "the second picture");
        }
    }

    private static String reason(GlInterop gl, GlPath path, String refusals) {
        return gl.refused().getOrDefault(path, refusals);
    }

    /** Counts bytes between rows that are no longer what {@link Texels#fill} put there. */
    private static long paddingTouched(IOSurface surface) throws GlException {
        long touched = 0;
        for (int i = 0; i < surface.planes().size(); i++) {
            PlaneTexels plane = PlaneTexels.of(surface, i);
            try (SurfaceLock lock = surface.lock()) {
                ByteBuffer bytes = lock.plane(i).bytes();
                for (int y = 0; y < plane.height() - 1; y++) {
                    for (int x = plane.rowBytes(); x < plane.bytesPerRow(); x++) {
                        touched += bytes.get(y * plane.bytesPerRow() + x) == 0x5a ? 0 : 1;
                    }
                }
            }
        }
        return touched;
    }

    @ParameterizedTest
    @EnumSource
    void oddSizesWork(GlPath path) throws Exception {
        GlInterop gl = only(path);
        for (int[] size : SIZES) {
            for (PixelFormat format : List.of(PixelFormat.BGRA, PixelFormat.RGBA, PixelFormat.NV12_VIDEO)) {
                try (IOSurface surface = Texels.surface(size[0], size[1], format);
                        GlSurfaceTarget target = gl.target(surface);
                        GlSurfaceTexture texture = gl.texture(surface)) {
                    scene.draw(target, 3);
                    texture.update();
                    String what = size[0] + "x" + size[1] + " " + format + " by " + target.path();
                    assertAll(
                            () -> assertEquals(0, Scene.wrongBytes(surface, 3), what),
                            () -> assertEquals(0, scene.wrongTexels(texture), what));
                }
            }
        }
    }

    /** Rows that no driver could be told of, and memory that ends with the picture. */
    @ParameterizedTest
    @EnumSource
    void layoutsThatCannotBeSharedAreCopied(GlPath path) throws Exception {
        GlInterop gl = only(path);
        List<SurfaceProperties> layouts = new ArrayList<>();
        layouts.add(SurfaceProperties.of(1001, 601, PixelFormat.BGRA).withLayoutPolicy(LayoutPolicy.TIGHT));
        layouts.add(SurfaceProperties.of(3, 3, PixelFormat.BGRA).withLayoutPolicy(LayoutPolicy.TIGHT));
        layouts.add(SurfaceProperties.of(3, 3, PixelFormat.RGBA)
                .withLayoutPolicy(LayoutPolicy.TIGHT)
                .withBytesPerRow(13));
        layouts.add(SurfaceProperties.of(1366, 767, PixelFormat.BGRA).withLayoutPolicy(LayoutPolicy.GSTREAMER));
        layouts.add(SurfaceProperties.of(1024, 1023, PixelFormat.RGBA));
        for (SurfaceProperties properties : layouts) {
            try (IOSurface surface = IOSurface.create(properties);
                    GlSurfaceTarget target = gl.target(surface)) {
                assertEquals(GlPath.COPY, target.path());
                scene.draw(target, 1);
                assertEquals(0, Scene.wrongBytes(surface, 1), surface.toString());
                try (GlSurfaceTexture texture = gl.texture(surface)) {
                    texture.update();
                    assertEquals(0, scene.wrongTexels(texture), surface + " " + texture.path());
                }
            }
        }
    }

    /** Closed or not while others use it, a texture keeps what it shows, and leaves nothing when it goes. */
    @ParameterizedTest
    @EnumSource
    void nothingIsLeftBehind(GlPath path) throws Exception {
        GlInterop gl = only(path);
        long descriptors = 0;
        long mappings = 0;
        for (int i = 0; i < 300; i++) {
            if (i == 50) {
                descriptors = ProcessResources.descriptors("memfd:");
                mappings = ProcessResources.mappings("memfd:");
            }
            try (IOSurface surface = Texels.surface(64, 64, PixelFormat.RGBA);
                    GlSurfaceTarget target = gl.target(surface);
                    GlSurfaceTexture texture = gl.texture(surface)) {
                scene.draw(target, i);
                texture.update();
                assertEquals(0, i % 100 == 0 ? scene.wrongTexels(texture) : 0);
            }
        }
        gl.close();
        assertTrue(ProcessResources.descriptors("memfd:") <= descriptors, "descriptors");
        assertTrue(ProcessResources.mappings("memfd:") <= mappings, "mappings");
    }

    @Test
    void theBestWayIsTakenAndTheReasonsAreTold() throws Exception {
        GlInterop gl = GlInterop.ofCurrentContext();
        for (GlPath path : GlPath.values()) {
            assertEquals(path.compareTo(gl.path()) < 0, gl.toString().contains("not by " + path), gl.toString());
        }
        assertTrue(gl.refused().values().stream().noneMatch(String::isBlank));
    }

    @Test
    void whatIsNoTextureIsRefusedByName() throws Exception {
        GlInterop gl = GlInterop.ofCurrentContext();
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(48, 8, PixelFormat.V210_VIDEO))) {
            String message =
                    assertThrows(GlException.class, () -> gl.texture(surface)).getMessage();
            assertTrue(message.contains("v210"), message);
        }
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(20_000, 1, PixelFormat.BGRA))) {
            String message =
                    assertThrows(GlException.class, () -> gl.texture(surface)).getMessage();
            assertTrue(message.contains("20000x1 is more than 16384"), message);
        }
    }
}
