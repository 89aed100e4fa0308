/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of formats, and of versions, without OpenGL. */
class GlFormatsTest {
    @ParameterizedTest
    @MethodSource("io.machframe.surface.gl.Texels#formats")
    void everyElementIsAWholeNumberOfTexels(PixelFormat format) {
        for (PlaneShape plane : format.description().orElseThrow().planes()) {
            GlTexture texture = plane.texture().orElseThrow();
            assertEquals(
                    plane.bytesPerElement(),
                    plane.elementWidth() * PlaneTexels.bytesPerTexel(texture),
                    plane.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("io.machframe.surface.gl.Texels#formats")
    void drmCallsSinglePlanesAsTheCatalogueDoes(PixelFormat format) throws GlException {
        FormatDescription description = format.description().orElseThrow();
        String name = description.name(Dialect.DRM).orElse("");
        GlTexture texture = description.planes().get(0).texture().orElseThrow();
        boolean pairs = texture == GlTexture.UYVY || texture == GlTexture.YUYV;
        if (name.isEmpty()
                || description.isPlanar()
                || pairs
                || format.toString().equals("L555")) { // alpha or not
            return;
        }
        byte[] padded = String.format("%-4s", name).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int code = padded[0] | padded[1] << 8 | padded[2] << 16 | padded[3] << 24;
        assertEquals(code, DrmFormat.of(texture));
    }

    @ParameterizedTest
    @MethodSource("io.machframe.surface.gl.Texels#formats")
    void thereIsRoomToDrawIntoEveryPlane(PixelFormat format) throws Exception {
        for (int side : new int[] {1, 3, 641, 1001}) {
            try (IOSurface surface = IOSurface.create(GlInterop.properties(side, side, format))) {
                for (Plane plane : surface.planes()) {
                    long end = plane.offset() + SoftwareRules.rowsToDraw(plane.rows()) * plane.bytesPerRow();
                    assertEquals(true, end <= surface.layout().allocSize(), surface.toString());
                }
            }
        }
    }

    @Test
    void aPlaneThatIsNotAsItsFormatSaysIsRefused() throws Exception {
        try (IOSurface surface =
                IOSurface.create(SurfaceProperties.of(4, 4, PixelFormat.BGRA).withBytesPerElement(8))) {
            assertThrows(GlException.class, () -> PlaneTexels.of(surface, 0));
        }
        try (IOSurface surface = IOSurface.create(SurfaceProperties.ofSize(64))) {
            assertThrows(GlException.class, () -> PlaneTexels.of(surface, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4.5 (Core Profile) Mesa 22.3.6",
                "4.5 (Core Profile) Mesa 25.0.7-2~bpo12+1",
                "4.5 (Compatibility Profile) Mesa 24.2.8-1"
            })
    void memoryObjectsOfTheseVersionsAreKnown(String version) {
        assertDoesNotThrow(() -> MemoryObjectBinder.requireKnown(version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4.6 (Core Profile) Mesa 26.2.6-1",
                "4.5 (Core Profile) Mesa 25.1.0",
                "4.5 (Core Profile) Mesa 22.2.5",
                "4.5 (Core Profile) Mesa 24.1.0-devel (git-3f2a9c1d5e)",
                "4.6.0 NVIDIA 570.86",
                ""
            })
    void memoryObjectsOfOthersAreRefused(String version) {
        assertThrows(GlException.class, () -> MemoryObjectBinder.requireKnown(version));
    }
}
