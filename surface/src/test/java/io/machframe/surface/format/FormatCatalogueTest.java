/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.FormatDescription.PlaneShape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class FormatCatalogueTest {
    static List<FormatDescription> rows() {
        return PixelFormat.known().stream().map(FormatCatalogueTest::row).toList();
    }

    private static FormatDescription row(PixelFormat format) {
        return format.description().orElseThrow();
    }

    private static FormatDescription row(String code) {
        return row(PixelFormat.parse(code));
    }

    @Test
    void theNamedFormatsAreThereAndNoUnknownOne() {
        List<PixelFormat> named = List.of(
                PixelFormat.BGRA,
                PixelFormat.RGBA,
                PixelFormat.RGBA_HALF,
                PixelFormat.GRAY8,
                PixelFormat.NV12_VIDEO,
                PixelFormat.NV12_FULL,
                PixelFormat.NV12_ALPHA_VIDEO,
                PixelFormat.P010_VIDEO,
                PixelFormat.P010_FULL,
                PixelFormat.I420_VIDEO,
                PixelFormat.I420_FULL,
                PixelFormat.UYVY_VIDEO,
                PixelFormat.YUYV_VIDEO,
                PixelFormat.V210_VIDEO);
        assertTrue(PixelFormat.known().containsAll(named));
        assertEquals(PixelFormat.BGRA, PixelFormat.known().get(0));
        assertTrue(PixelFormat.of("????").description().isEmpty());
        assertTrue(PixelFormat.NONE.description().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyElementIsFilledByItsComponentsInOrder(FormatDescription row) {
        for (PlaneShape plane : row.planes()) {
            int end = 0;
            assertFalse(plane.components().isEmpty());
            for (Component component : plane.components()) {
                assertTrue(component.bitOffset() >= end, "components overlap");
                end = component.bitOffset() + component.bitDepth();
            }
            assertTrue(end <= plane.bytesPerElement() * Byte.SIZE);
            assertTrue(end > (plane.bytesPerElement() - 1) * Byte.SIZE, "the element has bytes that nobody needs");
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void subsamplingIsWhatTheChromaOfThePlanesHas(FormatDescription row) {
        int widest =
                row.planes().stream().mapToInt(PlaneShape::widthDivisor).max().orElseThrow();
        int tallest =
                row.planes().stream().mapToInt(PlaneShape::heightDivisor).max().orElseThrow();
        int packed = row.planes().get(0).elementWidth();
        switch (row.subsampling()) {
            case YUV_420 -> assertEquals(List.of(2, 2, 1), List.of(widest, tallest, packed));
            case YUV_422 -> {
                assertEquals(1, tallest);
                assertTrue(widest == 2 ^ packed % 2 == 0);
            }
            default -> assertEquals(List.of(1, 1, 1), List.of(widest, tallest, packed));
        }
        boolean hasChroma = row.planes().stream()
                .flatMap(plane -> plane.components().stream())
                .anyMatch(component -> component.name() == ComponentName.CHROMA_BLUE);
        assertTrue(hasChroma || row.subsampling() == Subsampling.NONE);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void coloursHaveTheRangeOfTheFormatAndAlphaAllItsNumbers(FormatDescription row) {
        for (PlaneShape plane : row.planes()) {
            for (Component component : plane.components()) {
                ComponentRange range = component.name() == ComponentName.ALPHA ? ComponentRange.FULL : row.range();
                assertEquals(range, component.range());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void drmCodesHaveAtMostFourCharacters(FormatDescription row) {
        row.names()
                .getOrDefault(Dialect.DRM, List.of())
                .forEach(name -> assertTrue(name.length() == 4 || name.equals("R8") || name.equals("R16"), name));
    }

    /** Scenario G.1-17, and what the documentation of IOSurface has. */
    @Test
    void componentsHaveTheNumbersOfC() {
        List<Component> bgra = row("BGRA").planes().get(0).components();
        assertEquals(List.of(4, 3, 2, 1), numbers(bgra, c -> c.name().number()));
        assertEquals(List.of(0, 8, 16, 24), numbers(bgra, Component::bitOffset));
        assertEquals(List.of(8, 8, 8, 8), numbers(bgra, Component::bitDepth));
        assertEquals(List.of(1, 1, 1, 1), numbers(bgra, c -> c.type().number()));
        assertEquals(List.of(1, 1, 1, 1), numbers(bgra, c -> c.range().number()));
        List<Component> half = row("RGhA").planes().get(0).components();
        assertEquals(List.of(3, 3, 3, 3), numbers(half, c -> c.type().number()));
        assertEquals(List.of(0, 16, 32, 48), numbers(half, Component::bitOffset));
        assertEquals(List.of(2, 3, 4, 1), numbers(half, c -> c.name().number()));
        List<Component> deep = row("l10r").planes().get(0).components();
        assertEquals(List.of(0, 10, 20, 30), numbers(deep, Component::bitOffset));
        assertEquals(List.of(10, 10, 10, 2), numbers(deep, Component::bitDepth));
        assertEquals(
                ComponentRange.WIDE,
                row("w30r").planes().get(0).components().get(0).range());
    }

    @Test
    void videoHasLumaAndChromaInTheirPlaces() {
        Component luma = new Component(ComponentName.LUMA, ComponentType.UNSIGNED_INTEGER, ComponentRange.VIDEO, 8, 0);
        assertEquals(List.of(luma), row("420v").planes().get(0).components());
        List<Component> chroma = row("420f").planes().get(1).components();
        assertEquals(List.of(7, 6), numbers(chroma, c -> c.name().number()));
        assertEquals(List.of(0, 8), numbers(chroma, Component::bitOffset));
        assertEquals(ComponentRange.FULL, chroma.get(0).range());
        List<PlaneShape> deep = row("x420").planes();
        assertEquals(List.of(6), numbers(deep.get(0).components(), Component::bitOffset));
        assertEquals(List.of(6, 22), numbers(deep.get(1).components(), Component::bitOffset));
        assertEquals(List.of(10, 10), numbers(deep.get(1).components(), Component::bitDepth));
        List<Component> packed = row("2vuy").planes().get(0).components();
        assertEquals(List.of(7, 5, 6, 5), numbers(packed, c -> c.name().number()));
        assertEquals(List.of(0, 8, 16, 24), numbers(packed, Component::bitOffset));
        assertEquals(12, row("v210").planes().get(0).components().size());
    }

    private static List<Integer> numbers(List<Component> components, ToIntFunction<Component> number) {
        return components.stream().map(number::applyAsInt).toList();
    }

    @Test
    void aBigEndianFormatSaysSo() {
        assertEquals(ByteOrder.BIG_ENDIAN, row("b64a").byteOrder());
        assertEquals(ByteOrder.LITTLE_ENDIAN, row("l64r").byteOrder());
    }

    @ParameterizedTest
    @CsvSource({
        "BGRA, AR24, bgra, BGRA, BYTE_BGRA_PRE",
        "420v, NV12, nv12, NV12,",
        "x420, P010, p010le, P010_10LE,",
        "f420, YU12, yuvj420p, I420,",
        "24, BG24, rgb24, RGB, BYTE_RGB",
        "w30r,,,,",
        "yuvs, YUYV, yuyv422, YUY2,"
    })
    void aFormatHasItsNamesElsewhere(String code, String drm, String ffmpeg, String gstreamer, String javafx) {
        assertEquals(Optional.ofNullable(drm), row(code).name(Dialect.DRM));
        assertEquals(Optional.ofNullable(ffmpeg), row(code).name(Dialect.FFMPEG));
        assertEquals(Optional.ofNullable(gstreamer), row(code).name(Dialect.GSTREAMER));
        assertEquals(Optional.ofNullable(javafx), row(code).name(Dialect.JAVAFX));
    }

    @Test
    void aNameElsewhereLeadsBackToItsFormats() {
        assertEquals(
                List.of(PixelFormat.NV12_VIDEO, PixelFormat.NV12_FULL), PixelFormat.named(Dialect.GSTREAMER, "NV12"));
        assertEquals(List.of(PixelFormat.BGRA), PixelFormat.named(Dialect.DRM, "XR24"));
        assertEquals(List.of(), PixelFormat.named(Dialect.DRM, "NONE"));
    }

    @Test
    void aPlaneBecomesATextureWhichMacOsMayWantInAnotherOrder() {
        PlaneShape chroma = row("420v").planes().get(1);
        assertEquals(Optional.of(GlTexture.RG8), chroma.texture());
        assertEquals(Optional.of(GlTexture.RG8), GlTexture.RG8.cgl());
        assertEquals(Optional.of(GlTexture.BGRA8), GlTexture.RGBA8.cgl());
        assertEquals("bgra", GlTexture.RGBA8.cglSwizzle());
        assertEquals(Optional.empty(), GlTexture.RGB565.cgl());
        assertEquals(Optional.empty(), row("R10k").planes().get(0).texture());
    }

    /** By which channel a texture bound as BGRA finds each colour, worked out from where the bytes lie. */
    @ParameterizedTest
    @CsvSource({"RGBA, RGBA8", "32, ARGB8", "ABGR, ABGR8", "BGRA, BGRA8"})
    void theSwizzleOfAFormatFollowsFromItsBytes(String code, GlTexture texture) {
        String channelOfByte = "bgra";
        StringBuilder swizzle = new StringBuilder();
        for (ComponentName name :
                List.of(ComponentName.RED, ComponentName.GREEN, ComponentName.BLUE, ComponentName.ALPHA)) {
            int offset = row(code).planes().get(0).components().stream()
                    .filter(component -> component.name() == name)
                    .findFirst()
                    .orElseThrow()
                    .bitOffset();
            swizzle.append(channelOfByte.charAt(offset / Byte.SIZE));
        }
        assertEquals(swizzle.toString(), texture.cglSwizzle());
        assertEquals(Optional.of(texture), row(code).planes().get(0).texture());
    }

    @Test
    void aRowThatIsWrittenWrongIsRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> FormatRow.parse("test | odd bits | full | none | B8 G8 R7 | - | - | - | - | -"));
        assertThrows(
                IllegalArgumentException.class,
                () -> FormatRow.parse("test | no such letter | full | none | Q8 | - | - | - | - | -"));
        assertThrows(
                IllegalArgumentException.class,
                () -> FormatRow.parse("test | no such range | some | none | Y8 | - | - | - | - | -"));
    }

    @Test
    void theDocumentationHasEveryRowAndNoOther() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("docs/pixel-formats.md")).stream()
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .toList();
        List<String> rows = FormatCatalogue.TABLE
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> "| " + line.replaceAll(" +", " ") + " |")
                .toList();
        assertEquals(rows, documented);
    }
}
