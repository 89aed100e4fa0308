/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LayoutCalculationTest {
    /** Scenarios G.1-1, 2, 6, 8 and 11, and the table of strides. */
    @ParameterizedTest
    @CsvSource({
        "BGRA, 1920, 1080, 7680, 8294400",
        "BGRA, 1000, 500, 4032, 2016000",
        "BGRA, 1366, 768, 5504, 4227072",
        "2vuy, 1920, 1080, 3840, 4147200",
        "2vuy, 3, 1, 64, 64",
        "RGhA, 1920, 1080, 15360, 16588800",
        "v210, 1280, 720, 3456, 2488320",
        "v210, 1920, 1080, 5120, 5529600",
        "v210, 1366, 768, 3712, 2850816",
        "L008, 1, 1, 64, 64"
    })
    void aSurfaceThatIsNotPlanarHasItsStrideAndSize(String format, int width, int height, int bytesPerRow, long size) {
        SurfaceLayout layout = layOut(SurfaceProperties.of(width, height, PixelFormat.of(format)));
        assertFalse(layout.planar());
        assertEquals(1, layout.planes().size());
        assertEquals(bytesPerRow, layout.planes().get(0).bytesPerRow());
        assertEquals(size, layout.allocSize());
    }

    /** Scenario G.1-3. */
    @Test
    void videoInTwoPlanes() {
        SurfaceLayout layout = layOut(SurfaceProperties.of(1920, 1080, PixelFormat.NV12_VIDEO));
        assertTrue(layout.planar());
        assertEquals(
                new Plane(1920, 1080, 1, 1, 1, 1920, 0, 2_073_600),
                layout.planes().get(0));
        assertEquals(
                new Plane(960, 540, 2, 1, 1, 1920, 2_073_600, 1_036_800),
                layout.planes().get(1));
        assertEquals(3_110_400, layout.allocSize());
    }

    @Test
    void oddVideoHasItsLastChromaColumnAndRow() {
        SurfaceLayout layout = layOut(SurfaceProperties.of(1921, 1081, PixelFormat.NV12_FULL));
        assertEquals(
                new Plane(1921, 1081, 1, 1, 1, 1984, 0, 2_144_704),
                layout.planes().get(0));
        assertEquals(
                new Plane(961, 541, 2, 1, 1, 1984, 2_144_704, 1_073_344),
                layout.planes().get(1));
        assertEquals(3_218_048, layout.allocSize());
    }

    /** Scenario G.1-5. */
    @Test
    void tenBitVideo() {
        SurfaceLayout layout = layOut(SurfaceProperties.of(1280, 720, PixelFormat.P010_VIDEO));
        assertEquals(
                new Plane(1280, 720, 2, 1, 1, 2560, 0, 1_843_200),
                layout.planes().get(0));
        assertEquals(
                new Plane(640, 360, 4, 1, 1, 2560, 1_843_200, 921_600),
                layout.planes().get(1));
        assertEquals(2_764_800, layout.allocSize());
    }

    /** Scenario G.1-10. */
    @Test
    void videoWithAnAlphaPlane() {
        SurfaceLayout layout = layOut(SurfaceProperties.of(640, 360, PixelFormat.NV12_ALPHA_VIDEO));
        assertEquals(3, layout.planes().size());
        assertEquals(230_400, layout.planes().get(1).offset());
        assertEquals(345_600, layout.planes().get(2).offset());
        assertEquals(640, layout.planes().get(2).width());
        assertEquals(360, layout.planes().get(2).height());
        assertEquals(576_000, layout.allocSize());
    }

    /** Scenario G.1-12. */
    @Test
    void memoryWithoutDimensions() {
        SurfaceLayout layout = layOut(SurfaceProperties.ofSize(65_536));
        assertEquals(0, layout.width());
        assertEquals(0, layout.height());
        assertFalse(layout.planar());
        assertEquals(65_536, layout.allocSize());
        assertEquals(65_536, layout.planes().get(0).size());
    }

    /** Scenarios G.1-12, 13 and 14, and every other rule. */
    @Test
    void whatBreaksARuleIsRefusedWithTheKeyAndTheRule() {
        assertRefused(SurfaceProperties.unspecified(), "kIOSurfaceAllocSize is required");
        assertRefused(SurfaceProperties.unspecified().withAllocSize(0), "kIOSurfaceAllocSize is 0");
        assertRefused(
                SurfaceProperties.unspecified().withAllocSize(64).withBytesPerRow(64),
                "kIOSurfaceBytesPerRow means nothing");
        assertRefused(SurfaceProperties.unspecified().withWidth(5), "kIOSurfaceHeight is required");
        assertRefused(SurfaceProperties.unspecified().withHeight(5), "kIOSurfaceWidth is required");
        assertRefused(bgra(0, 5), "kIOSurfaceWidth is 0");
        assertRefused(bgra(5, -1), "kIOSurfaceHeight is -1");
        assertRefused(
                SurfaceProperties.unspecified().withWidth(5).withHeight(5), "kIOSurfaceBytesPerElement is required");
        assertRefused(
                SurfaceProperties.unspecified().withWidth(5).withHeight(5).withPixelFormat(PixelFormat.of("what")),
                "kIOSurfaceBytesPerElement is required: the library does not know the format what");
        assertRefused(bgra(5, 5).withBytesPerElement(0), "kIOSurfaceBytesPerElement is 0");
        assertRefused(bgra(5, 5).withElement(0, 1), "kIOSurfaceElementWidth is 0");
        assertRefused(bgra(5, 5).withElement(1, -1), "kIOSurfaceElementHeight is -1");
        assertRefused(bgra(1366, 768).withBytesPerRow(5464), "kIOSurfaceBytesPerRow is 5464, must be a multiple of 64");
        assertRefused(
                bgra(1366, 768).withBytesPerRow(5440), "kIOSurfaceBytesPerRow is 5440, a row of pixels needs 5464");
        assertRefused(bgra(16, 16).withAllocSize(1023), "kIOSurfaceAllocSize is 1023, the planes need 1024");
        assertRefused(video(16, 16).withBytesPerRow(64), "kIOSurfacePlaneBytesPerRow does");
        assertRefused(
                planes(
                        PlaneProperties.of(16, 16, 1),
                        PlaneProperties.unspecified().withWidth(8)),
                "kIOSurfacePlaneInfo[1] kIOSurfacePlaneHeight is required");
        assertRefused(
                planes(
                        PlaneProperties.of(16, 16, 1),
                        PlaneProperties.unspecified().withHeight(8)),
                "kIOSurfacePlaneInfo[1] kIOSurfacePlaneWidth is required");
        assertRefused(planes(PlaneProperties.of(16, 0, 1)), "kIOSurfacePlaneInfo[0] kIOSurfacePlaneHeight is 0");
        assertRefused(
                planes(PlaneProperties.of(16, 16, 1).withOffset(8)), "kIOSurfacePlaneOffset is 8, must be a multiple");
        assertRefused(planes(PlaneProperties.of(16, 16, 1).withOffset(-64)), "kIOSurfacePlaneOffset is -64");
        assertRefused(
                planes(PlaneProperties.of(16, 16, 1).withSize(1023)), "kIOSurfacePlaneSize is 1023, the rows need");
        assertRefused(planes(PlaneProperties.of(16, 16, 1).withBytesPerRow(65)), "kIOSurfacePlaneBytesPerRow is 65");
        assertRefused(
                planes(
                        PlaneProperties.of(16, 16, 1),
                        PlaneProperties.of(16, 16, 1).withOffset(960)),
                "kIOSurfacePlaneInfo[1] kIOSurfacePlaneOffset is 960: the plane would overlap another");
        SurfaceProperties many = planes();
        for (int i = 0; i < 17; i++) {
            many = many.withPlane(PlaneProperties.of(1, 1, 1));
        }
        assertRefused(many, "kIOSurfacePlaneInfo has more than 16 entries");
    }

    @Test
    void sizesBeyondAllNumbersAreRefused() {
        int most = Integer.MAX_VALUE;
        assertRefused(bgra(most, most), "kIOSurfaceBytesPerRow would be");
        assertRefused(bgra(most, 1).withBytesPerElement(most), "kIOSurfaceBytesPerRow would be");
        assertRefused(
                planes(PlaneProperties.of(1, 1, 1).withSize(Long.MAX_VALUE), PlaneProperties.of(1, 1, 1)), "too large");
        assertRefused(planes(PlaneProperties.of(1, 1, 1).withOffset(-64L & Long.MAX_VALUE)), "too large");
        assertRefused(planes(PlaneProperties.of(1, 1, 1).withBase(-64L & Long.MAX_VALUE)), "too large");
    }

    @Test
    void explicitValuesAreHonoured() {
        SurfaceLayout wide = layOut(bgra(100, 10).withBytesPerRow(1024).withAllocSize(20_000));
        assertEquals(new Plane(100, 10, 4, 1, 1, 1024, 0, 10_240), wide.planes().get(0));
        assertEquals(20_000, wide.allocSize());
        SurfaceLayout planes = layOut(planes(
                PlaneProperties.of(16, 16, 1).withBytesPerRow(128).withSize(4096),
                PlaneProperties.of(8, 8, 2).withOffset(8192).withElement(2, 2)));
        assertEquals(new Plane(16, 16, 1, 1, 1, 128, 0, 4096), planes.planes().get(0));
        assertEquals(new Plane(8, 8, 2, 2, 2, 64, 8192, 256), planes.planes().get(1));
        assertEquals(8448, planes.allocSize());
    }

    @Test
    void anUnknownFormatWorksWithExplicitElements() {
        SurfaceLayout layout = layOut(SurfaceProperties.unspecified()
                .withWidth(10)
                .withHeight(10)
                .withPixelFormat(PixelFormat.of("what"))
                .withBytesPerElement(3));
        assertEquals("what", layout.format().toString());
        assertEquals(64, layout.planes().get(0).bytesPerRow());
    }

    /** Scenario G.1-14, and GStreamer's own numbers. */
    @Test
    void thePolicyOfGStreamerGivesItsStridesAndSizes() {
        SurfaceLayout tight = layOut(bgra(1366, 768).withBytesPerRow(5464).withLayoutPolicy(LayoutPolicy.GSTREAMER));
        assertEquals(4_196_352, tight.allocSize());
        assertEquals(
                4_196_352,
                layOut(bgra(1366, 768).withLayoutPolicy(LayoutPolicy.GSTREAMER)).allocSize());
        SurfaceLayout odd = layOut(video(1921, 1081).withLayoutPolicy(LayoutPolicy.GSTREAMER));
        assertEquals(1924, odd.planes().get(0).bytesPerRow());
        assertEquals(1924, odd.planes().get(1).bytesPerRow());
        assertEquals(2_081_768, odd.planes().get(1).offset());
        assertEquals(3_122_652, odd.allocSize());
        SurfaceLayout small = layOut(video(56, 40).withLayoutPolicy(LayoutPolicy.GSTREAMER));
        assertEquals(56, small.planes().get(1).bytesPerRow());
        assertEquals(2240, small.planes().get(1).offset());
    }

    @Test
    void thePolicyWithoutPaddingHasNone() {
        SurfaceLayout layout = layOut(video(641, 359).withLayoutPolicy(LayoutPolicy.TIGHT));
        assertEquals(641, layout.planes().get(0).bytesPerRow());
        assertEquals(641 * 359, layout.planes().get(1).offset());
        assertEquals(641 * 359 + 642 * 180, layout.allocSize());
    }

    @Test
    void componentsAreThoseOfTheFormatUnlessGiven() {
        Component depth = new Component(ComponentName.UNKNOWN, ComponentType.FLOAT, ComponentRange.UNKNOWN, 16, 0);
        assertEquals(
                List.of(List.of(depth)),
                layOut(bgra(5, 5).withComponents(depth)).components());
        assertEquals(
                Subsampling.YUV_411,
                layOut(video(5, 5).withSubsampling(Subsampling.YUV_411)).subsampling());
        assertEquals(Subsampling.NONE, layOut(bgra(5, 5)).subsampling());
        SurfaceLayout given = layOut(planes(
                        PlaneProperties.of(16, 16, 2).withComponents(depth).withElement(1, 1),
                        PlaneProperties.of(8, 8, 2))
                .withPixelFormat(PixelFormat.NV12_FULL));
        assertEquals(List.of(depth), given.components().get(0));
        assertEquals(2, given.components().get(1).size());
        SurfaceLayout unknown = layOut(planes(PlaneProperties.of(16, 16, 2)));
        assertEquals(List.of(List.of()), unknown.components());
        assertEquals(Subsampling.UNKNOWN, unknown.subsampling());
    }

    @Test
    void componentsOutsideTheirElementAreRefused() {
        assertRefused(bgra(5, 5).withComponents(component(8, 25)), "kIOSurfacePlaneComponentBitOffsets has 25");
        assertRefused(bgra(5, 5).withComponents(component(8, -1)), "kIOSurfacePlaneComponentBitOffsets has -1");
        assertRefused(bgra(5, 5).withComponents(component(0, 0)), "kIOSurfacePlaneComponentBitDepths has 0");
        Component[] many = new Component[17];
        Arrays.fill(many, component(1, 0));
        assertRefused(bgra(5, 5).withComponents(many), "kIOSurfacePlaneComponentNames has more than 16 entries");
    }

    private static Component component(int bitDepth, int bitOffset) {
        return new Component(
                ComponentName.RED, ComponentType.UNSIGNED_INTEGER, ComponentRange.FULL, bitDepth, bitOffset);
    }

    private static SurfaceProperties bgra(int width, int height) {
        return SurfaceProperties.unspecified()
                .withWidth(width)
                .withHeight(height)
                .withPixelFormat(PixelFormat.BGRA);
    }

    private static SurfaceProperties video(int width, int height) {
        return SurfaceProperties.unspecified()
                .withWidth(width)
                .withHeight(height)
                .withPixelFormat(PixelFormat.NV12_VIDEO);
    }

    private static SurfaceProperties planes(PlaneProperties... planes) {
        SurfaceProperties properties =
                SurfaceProperties.unspecified().withWidth(16).withHeight(16);
        for (PlaneProperties plane : planes) {
            properties = properties.withPlane(plane);
        }
        return properties;
    }

    private static SurfaceLayout layOut(SurfaceProperties properties) {
        return SurfaceLayout.of(properties, new Alignment(64, 64));
    }

    @Test
    void aPlaneMayHaveAHeaderBeforeItsPixels() {
        SurfaceLayout layout = layOut(SurfaceProperties.unspecified()
                .withWidth(64)
                .withHeight(4)
                .withPlane(PlaneProperties.of(64, 4, 1).withBase(128))
                .withPlane(PlaneProperties.of(64, 4, 1)));
        assertEquals(
                new Plane(64, 4, 1, 1, 1, 64, 128, 256, 128, 8), layout.planes().get(0));
        assertEquals(new Plane(64, 4, 1, 1, 1, 64, 384, 256), layout.planes().get(1));
        assertEquals(640, layout.allocSize());
    }

    @Test
    void elementsMayBeBitsThatFollowEachOther() {
        SurfaceLayout layout = layOut(SurfaceProperties.unspecified()
                .withWidth(1921)
                .withHeight(2)
                .withPlane(PlaneProperties.unspecified()
                        .withWidth(1921)
                        .withHeight(2)
                        .withBitsPerElement(10)
                        .withBytesPerRow(2432)));
        assertEquals(
                new Plane(1921, 2, 2, 1, 1, 2432, 0, 4864, 0, 10),
                layout.planes().get(0));
    }

    @Test
    void anImageMayBeginBehindTheStart() {
        SurfaceLayout layout = layOut(SurfaceProperties.unspecified()
                .withWidth(64)
                .withHeight(4)
                .withPixelFormat(PixelFormat.BGRA)
                .withOffset(4096));
        assertEquals(new Plane(64, 4, 4, 1, 1, 256, 4096, 1024), layout.planes().get(0));
        assertEquals(4096L + 1024, layout.allocSize());
    }

    @Test
    void offsetsBasesAndBitsThatBreakARuleAreRefused() {
        PlaneProperties plane = PlaneProperties.of(64, 4, 1);
        assertRefused(
                planar(plane.withOffset(128).withBase(64)),
                "kIOSurfacePlaneInfo[0] kIOSurfacePlaneBase is 64, must be a multiple of 64 from 128 on");
        assertRefused(planar(plane.withBase(65)), "kIOSurfacePlaneBase is 65, must be a multiple of 64 from 0 on");
        assertRefused(planar(plane.withBase(64).withSize(256)), "kIOSurfacePlaneSize is 256, the rows need 320");
        assertRefused(planar(plane.withBitsPerElement(0)), "kIOSurfacePlaneBitsPerElement is 0");
        assertRefused(
                planar(plane.withBitsPerElement(10).withBytesPerRow(64)),
                "kIOSurfacePlaneBytesPerRow is 64, a row of pixels needs 80");
        assertRefused(planar(plane).withOffset(64), "kIOSurfaceOffset means nothing on a planar surface");
        assertRefused(
                SurfaceProperties.unspecified()
                        .withWidth(64)
                        .withHeight(4)
                        .withBytesPerElement(1)
                        .withOffset(-64),
                "kIOSurfaceOffset is -64, must be a multiple of 64");
    }

    private static SurfaceProperties planar(PlaneProperties plane) {
        return SurfaceProperties.unspecified().withWidth(64).withHeight(4).withPlane(plane);
    }

    private static void assertRefused(SurfaceProperties properties, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> layOut(properties));
        assertTrue(e.toString().contains(message), e::toString);
    }
}
