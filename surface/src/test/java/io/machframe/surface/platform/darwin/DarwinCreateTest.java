/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.SurfaceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a surface that is to be made is described to the frameworks. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinCreateTest extends StubbedFrameworks {
    private Map<SurfaceKey, Object> created(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException {
        assertEquals(SURFACE, calls.create(layout, options));
        return stub.dictionary(library.calls("IOSurfaceCreate").get(0).argument(0));
    }

    @Test
    void createDescribesASurfaceByNumbersUnderTheFrameworksOwnKeys() throws Exception {
        Map<SurfaceKey, Object> expected = Map.of(
                SurfaceKey.WIDTH, 64L,
                SurfaceKey.HEIGHT, 10L,
                SurfaceKey.PIXEL_FORMAT, 1111970369L,
                SurfaceKey.SUBSAMPLING, 1L,
                SurfaceKey.BYTES_PER_ELEMENT, 4L,
                SurfaceKey.ELEMENT_WIDTH, 1L,
                SurfaceKey.ELEMENT_HEIGHT, 2L,
                SurfaceKey.BYTES_PER_ROW, 256L,
                SurfaceKey.ALLOC_SIZE, 0x1_0000_0001L);
        assertEquals(expected, created(PICTURE, PLAIN));
    }

    @Test
    void memoryWithoutDimensionsIsDescribedByItsSizeAlone() throws Exception {
        SurfaceLayout memory = new SurfaceLayout(
                PixelFormat.NONE,
                Subsampling.UNKNOWN,
                0,
                0,
                false,
                List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 100)),
                List.of(List.of()),
                100);
        assertEquals(Map.of(SurfaceKey.ALLOC_SIZE, 100L), created(memory, PLAIN));
    }

    @Test
    void createDescribesPlanesInTheirOrder() throws Exception {
        Map<SurfaceKey, Object> description = created(PLANAR, PLAIN);
        Map<SurfaceKey, Object> luma = Map.of(
                SurfaceKey.PLANE_WIDTH, 1280L,
                SurfaceKey.PLANE_HEIGHT, 720L,
                SurfaceKey.PLANE_BYTES_PER_ELEMENT, 1L,
                SurfaceKey.PLANE_ELEMENT_WIDTH, 1L,
                SurfaceKey.PLANE_ELEMENT_HEIGHT, 1L,
                SurfaceKey.PLANE_BYTES_PER_ROW, 1280L,
                SurfaceKey.PLANE_OFFSET, 0L,
                SurfaceKey.PLANE_SIZE, 921_664L,
                SurfaceKey.PLANE_BASE, 64L);
        Map<SurfaceKey, Object> chroma = new HashMap<>(Map.of(
                SurfaceKey.PLANE_WIDTH, 640L,
                SurfaceKey.PLANE_HEIGHT, 360L,
                SurfaceKey.PLANE_BYTES_PER_ELEMENT, 2L,
                SurfaceKey.PLANE_BITS_PER_ELEMENT, 10L,
                SurfaceKey.PLANE_ELEMENT_WIDTH, 3L,
                SurfaceKey.PLANE_ELEMENT_HEIGHT, 1L,
                SurfaceKey.PLANE_BYTES_PER_ROW, 1280L,
                SurfaceKey.PLANE_OFFSET, 921_664L,
                SurfaceKey.PLANE_SIZE, 460_800L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_NAMES, List.of(5L, 5L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_TYPES, List.of(1L, 1L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_RANGES, List.of(2L, 2L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS, List.of(10L, 10L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_BIT_OFFSETS, List.of(6L, 6L));
        assertEquals(List.of(luma, chroma), description.remove(SurfaceKey.PLANE_INFO));
        assertEquals(
                Map.of(
                        SurfaceKey.WIDTH, 1280L,
                        SurfaceKey.HEIGHT, 720L,
                        SurfaceKey.PIXEL_FORMAT, 0xf4323076L,
                        SurfaceKey.SUBSAMPLING, 3L,
                        SurfaceKey.ALLOC_SIZE, 0x1_0000_0001L),
                description);
        assertEverythingIsReleased();
    }

    @Test
    void createMakesNumbersOf64BitsAndCollectionsThatRetain() throws Exception {
        calls.create(PLANAR, PLAIN);

        for (StubCall call : library.calls("CFNumberCreate")) {
            assertEquals(CoreFoundation.NUMBER_SINT64, call.argument(1));
        }
        for (StubCall call : library.calls("CFDictionaryCreateMutable")) {
            assertEquals(library.address(CoreFoundation.KEY_CALLBACKS), call.argument(2));
            assertEquals(library.address(CoreFoundation.VALUE_CALLBACKS), call.argument(3));
        }
        for (StubCall call : library.calls("CFArrayCreateMutable")) {
            assertEquals(library.address(CoreFoundation.ARRAY_CALLBACKS), call.argument(2));
        }
    }

    @Test
    void componentsOfASurfaceThatIsNotPlanarAreItsOwn() throws Exception {
        SurfaceLayout layout = new SurfaceLayout(
                PixelFormat.NONE, Subsampling.UNKNOWN, 64, 10, false, PICTURE.planes(), List.of(List.of(DEPTH)), 2560);
        Map<SurfaceKey, Object> description = created(layout, PLAIN);
        assertEquals(List.of(5L), description.get(SurfaceKey.PLANE_COMPONENT_NAMES));
        assertEquals(List.of(10L), description.get(SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS));
        assertEverythingIsReleased();
    }

    @Test
    @SuppressWarnings("deprecation")
    void createDescribesOptionsByNumbersAndPropertyLists() throws Exception {
        Map<SurfaceKey, Object> description = created(
                PICTURE,
                PLAIN.withPixelSizeCastingAllowed(false)
                        .withGlobal()
                        .withName("name")
                        .withCacheMode(CacheMode.WRITE_COMBINE));

        assertEquals("property list", description.get(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED));
        assertEquals("property list", description.get(SurfaceKey.IS_GLOBAL));
        assertEquals("property list", description.get(SurfaceKey.NAME));
        assertEquals((long) CacheMode.WRITE_COMBINE.mapNumber(), description.get(SurfaceKey.CACHE_MODE));
        StubCall made = library.calls("CFPropertyListCreateWithData").get(0);
        assertEquals(library.calls("CFDataCreate").get(0).result().bits(), made.argument(1));
        assertEverythingIsReleased();
    }

    @Test
    void createReleasesEachObjectOnceAndNoneBeforeTheSurfaceIsMade() throws Exception {
        calls.create(PLANAR, PLAIN);

        List<String> order = library.calls().stream().map(StubCall::function).toList();
        assertEverythingIsReleased();
        assertTrue(order.indexOf("CFRelease") > order.indexOf("IOSurfaceCreate"));
    }

    @Test
    void createReleasesEachObjectAlsoWhenThereIsNoSurface() {
        library.answer("IOSurfaceCreate", 0);

        assertEquals(KernReturn.KERN_FAILURE, code(() -> calls.create(PLANAR, PLAIN)));

        assertEverythingIsReleased();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CFNumberCreate", "CFArrayCreateMutable"})
    void createGivesUpWholeWhenCoreFoundationHasNoObject(String function) {
        library.answer(function, 0);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, code(() -> calls.create(PLANAR, PLAIN)));

        assertEverythingIsReleased();
        assertEquals(List.of(), library.calls("IOSurfaceCreate"));
    }

    @Test
    void createPutsNothingIntoADictionaryThatIsNotThere() {
        library.answer("CFDictionaryCreateMutable", 0);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, code(() -> calls.create(PLANAR, PLAIN)));

        assertEquals("CFDictionaryCreateMutable", library.onlyCall().function());
    }

    @Test
    void whatMacOsLacksIsNotSupported() {
        SurfaceLayout behind = new SurfaceLayout(
                PixelFormat.BGRA,
                Subsampling.NONE,
                16,
                1,
                false,
                List.of(new Plane(16, 1, 4, 1, 1, 64, 64, 64)),
                List.of(List.of()),
                128);
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, code(() -> calls.create(behind, PLAIN)));
        assertEquals(null, calls.memorySharing());
        assertEquals(List.of(), library.calls());
    }
}
