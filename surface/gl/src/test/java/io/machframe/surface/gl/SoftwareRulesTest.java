/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.GlTexture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before software OpenGL sees it, without OpenGL. */
class SoftwareRulesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4096 | 4004 | 601 | 9999999 | rows have 4004 bytes",
                "4096 | 5464 | 768 | 9999999 | rows have 5464 bytes",
                "4104 | 4096 | 4 | 9999999 | begins at 4104",
                "4096 | 64 | 3 | 4288 | memory for 4 rows",
                "4096 | 64 | 1 | 4096 | memory for 4 rows",
                "3000000000 | 64 | 1 | 4000000000 | more than EGL can say",
            })
    void memoryThatWouldEndTheProcessIsRefused(long offset, int bytesPerRow, int rows, long room, String why) {
        PlaneTexels plane = new PlaneTexels(GlTexture.RGBA8, 1, rows, 4, bytesPerRow, 0);
        String message = assertThrows(GlException.class, () -> SoftwareRules.check(offset, plane, true, room))
                .getMessage();
        assertTrue(message.contains(why), message);
    }

    @Test
    void whatIsOnlySampledNeedsNoRowsBehindIt() {
        PlaneTexels plane = new PlaneTexels(GlTexture.RGBA8, 16, 3, 4, 64, 0);
        assertDoesNotThrow(() -> SoftwareRules.check(4096, plane, false, 4288));
        assertDoesNotThrow(() -> SoftwareRules.check(4096, plane, true, 4352));
    }

    @Test
    void rowsAreDrawnInBlocks() {
        assertEquals(0, SoftwareRules.rowsToDraw(0));
        assertEquals(4, SoftwareRules.rowsToDraw(1));
        assertEquals(4, SoftwareRules.rowsToDraw(4));
        assertEquals(1084, SoftwareRules.rowsToDraw(1081));
    }
}
