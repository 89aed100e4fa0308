/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PixelFormatTest {
    private static final long SEED = 20250101;

    /** Scenario G.1-19. */
    @Test
    void aFormatIsItsFourCharactersAsANumber() {
        assertEquals(875704438, PixelFormat.of("420v").code());
        assertEquals(1111970369, PixelFormat.of("BGRA").code());
        assertEquals("420v", new PixelFormat(875704438).toString());
        assertEquals("BGRA", new PixelFormat(1111970369).toString());
    }

    /** Scenario G.1-19. */
    @Test
    void codesBelow256ArePrintedAsNumbers() {
        assertEquals("32", new PixelFormat(0x20).toString());
        assertEquals("24", new PixelFormat(0x18).toString());
        assertEquals("0", PixelFormat.NONE.toString());
        assertEquals(new PixelFormat(0x20), PixelFormat.parse("32"));
    }

    @Test
    void codesThatCannotBePrintedAreHexadecimal() {
        assertEquals("0x00000100", new PixelFormat(256).toString());
        assertEquals("0xff424752", new PixelFormat(0xff424752).toString());
    }

    @Test
    void parsingReadsWhateverIsPrinted() {
        Random random = new Random(SEED);
        for (int i = 0; i < 10_000; i++) {
            PixelFormat format = new PixelFormat(i < 300 ? i : random.nextInt());
            assertEquals(format, PixelFormat.parse(format.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "BGR", "BGRA8", "-1", "0x", "0xzz", "0x123456789", "99999999999", "42°v0"})
    void otherTextIsRefusedWithTheTextInTheMessage(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PixelFormat.parse(text));
        assertTrue(e.toString().contains("'" + text + "'"), e::toString);
    }

    @Test
    void charactersThatAreNoBytesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PixelFormat.of("42€v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&BGA", "&8v0", "&8f0", "&xv0", "&xv2", "-BGA", "-8v0"})
    void formatsOfAGpuAreCompressed(String code) {
        assertTrue(PixelFormat.of(code).isCompressed());
        assertTrue(PixelFormat.of(code).description().isEmpty());
    }

    @Test
    void noFormatOfTheCatalogueIsCompressed() {
        PixelFormat.known().forEach(format -> assertFalse(format.isCompressed(), format::toString));
        assertFalse(PixelFormat.NONE.isCompressed());
    }
}
