/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.abi.StubCall;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.property.SurfaceKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the layout of a surface is made of, and the rules that the framework has for layouts. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinLayoutTest extends StubbedFrameworks {
    /** Which function answers for which part of the layout of a surface that is not planar; each has a number of its own. */
    @Test
    void theLayoutOfASurfaceThatIsNotPlanarIsAskedOfTheFunctionsOfItsParts() throws Exception {
        library.answer("IOSurfaceGetPixelFormat", PixelFormat.BGRA.code());
        library.answer("IOSurfaceGetSubsampling", 4);
        library.answer("IOSurfaceGetWidth", 101);
        library.answer("IOSurfaceGetHeight", 103);
        library.answer("IOSurfaceGetBytesPerElement", 107);
        library.answer("IOSurfaceGetElementWidth", 109);
        library.answer("IOSurfaceGetElementHeight", 2);
        library.answer("IOSurfaceGetBytesPerRow", 127);
        library.answer("IOSurfaceGetAllocSize", 0x1_2345_6789L);

        assertEquals(
                new SurfaceLayout(
                        PixelFormat.BGRA,
                        Subsampling.YUV_411,
                        101,
                        103,
                        false,
                        List.of(new Plane(101, 103, 107, 109, 2, 127, 0, 127 * 52)),
                        List.of(List.of()),
                        0x1_2345_6789L),
                calls.layout(SURFACE));
        assertOfTheSurface();
    }

    @Test
    void memoryWithoutDimensionsIsOnePlaneOfAllItsBytes() throws Exception {
        library.answer("IOSurfaceGetAllocSize", 100);

        assertEquals(
                List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 100)),
                calls.layout(SURFACE).planes());
    }

    @Test
    void theLayoutOfPlanesIsAskedOfTheFunctionsOfTheirParts() throws Exception {
        library.answer("IOSurfaceGetPlaneCount", 2);
        library.answer("IOSurfaceGetPixelFormat", 0x3432_3076);
        library.answer("IOSurfaceGetWidth", 11);
        library.answer("IOSurfaceGetHeight", 13);
        library.answer("IOSurfaceGetBaseAddress", 0x1_0000_0000L);
        library.answer("IOSurfaceGetBaseAddressOfPlane", 0x1_0000_0040L, 0x1000);
        library.answer("IOSurfaceGetWidthOfPlane", 101, 1);
        library.answer("IOSurfaceGetHeightOfPlane", 103, 1);
        library.answer("IOSurfaceGetBytesPerElementOfPlane", 107, 1);
        library.answer("IOSurfaceGetElementWidthOfPlane", 109, 1);
        library.answer("IOSurfaceGetElementHeightOfPlane", 1, 1);
        library.answer("IOSurfaceGetBytesPerRowOfPlane", 127, 1);
        library.answer("IOSurfaceGetNumberOfComponentsOfPlane", 1, 1);
        library.answer("IOSurfaceGetNameOfComponentOfPlane", 2, 1);
        library.answer("IOSurfaceGetTypeOfComponentOfPlane", 1, 1);
        library.answer("IOSurfaceGetRangeOfComponentOfPlane", 1, 1);
        library.answer("IOSurfaceGetBitDepthOfComponentOfPlane", 8, 1);
        library.answer("IOSurfaceGetBitOffsetOfComponentOfPlane", 16, 1);

        SurfaceLayout layout = calls.layout(SURFACE);

        assertTrue(layout.planar());
        assertEquals(
                List.of(
                        new Plane(101, 103, 107, 109, 1, 127, 0x40, 127 * 103),
                        new Plane(102, 104, 108, 110, 2, 128, 0x1040, 128 * 52)),
                layout.planes());
        assertEquals(List.of(component(2, 1, 1, 8, 16)), layout.components().get(0));
        assertEquals(
                List.of(component(3, 2, 2, 9, 17), component(4, 3, 3, 10, 18)),
                layout.components().get(1));
        assertOfTheSurface();
        for (String ofComponent : List.of("Name", "Type", "Range", "BitDepth", "BitOffset")) {
            List<StubCall> asked = library.calls("IOSurfaceGet" + ofComponent + "OfComponentOfPlane");
            assertEquals(
                    List.of("0 0", "1 0", "1 1"),
                    asked.stream()
                            .map(call -> call.argument(1) + " " + call.argument(2))
                            .toList());
        }
        assertEquals(
                List.of(0L, 1L),
                library.calls("IOSurfaceGetWidthOfPlane").stream()
                        .map(call -> call.argument(1))
                        .toList());
    }

    private static Component component(int name, int type, int range, int bitDepth, int bitOffset) {
        return new Component(
                ComponentName.of(name), ComponentType.of(type), ComponentRange.of(range), bitDepth, bitOffset);
    }

    /** The surface is locked while it is asked: only then has it addresses. */
    private void assertOfTheSurface() {
        List<String> order = library.calls().stream().map(StubCall::function).toList();
        assertEquals("IOSurfaceGetPixelFormat", order.get(0));
        assertEquals("IOSurfaceLock", order.get(1));
        assertEquals("IOSurfaceUnlock", order.get(order.size() - 1));
        library.calls().forEach(call -> assertEquals(SURFACE, call.argument(0), call::function));
    }

    @Test
    void aCompressedSurfaceIsAskedWithoutALock() throws Exception {
        library.answer("IOSurfaceGetPixelFormat", PixelFormat.of("&8v0").code());

        calls.layout(SURFACE);

        assertEquals(List.of(), library.calls("IOSurfaceLock"));
    }

    @Test
    void aRuleOfLayoutIsAskedByTheFrameworksOwnKey() {
        library.answer("IOSurfaceGetPropertyMaximum", 16384);
        library.answer("IOSurfaceGetPropertyAlignment", 64);

        assertEquals(16384, calls.propertyMaximum(SurfaceKey.WIDTH));
        assertEquals(64, calls.propertyAlignment(SurfaceKey.BYTES_PER_ROW));

        assertEquals(
                List.of(SurfaceStub.string(SurfaceKey.WIDTH), SurfaceStub.string(SurfaceKey.BYTES_PER_ROW)),
                library.calls().stream().map(call -> call.argument(0)).toList());
    }

    @Test
    void alignPropertyPassesKeyAndValue() {
        library.answer("IOSurfaceAlignProperty", 128);

        assertEquals(128, calls.alignProperty(SurfaceKey.BYTES_PER_ROW, 65));

        assertEquals(
                SurfaceStub.string(SurfaceKey.BYTES_PER_ROW), library.onlyCall().argument(0));
        assertEquals(65, library.onlyCall().argument(1));
    }

    @Test
    void aKeyThatThisSystemLacksHasNoRules() {
        assertEquals(7, calls.alignProperty(SurfaceKey.CONTENT_HEADROOM, 7));
        assertEquals(1, calls.propertyAlignment(SurfaceKey.CONTENT_HEADROOM));
        assertEquals(0, calls.propertyMaximum(SurfaceKey.CONTENT_HEADROOM));
        assertEquals(List.of(), library.calls());
    }
}
