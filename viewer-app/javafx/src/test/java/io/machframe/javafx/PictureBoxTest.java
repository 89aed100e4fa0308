/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureBoxTest {
    @Test
    void aPictureOfTheAreasShapeFillsIt() {
        assertEquals(new PictureBox(0, 0, 960, 540), fit(1920, 1080, 960, 540));
        assertEquals(new PictureBox(0, 0, 960, 540), fit(480, 270, 960, 540));
    }

    @Test
    void aWidePictureHasBarsAboveAndBelow() {
        assertEquals(new PictureBox(0, 75, 800, 450), fit(1280, 720, 800, 600));
    }

    @Test
    void aTallPictureHasBarsOnItsSides() {
        assertEquals(new PictureBox(231, 0, 338, 600), fit(720, 1280, 800, 600));
    }

    @Test
    void aPictureLiesOnWholePixels() {
        assertEquals(new PictureBox(0, 50, 101, 57), fit(641, 359, 101, 157.5));
    }

    @Test
    void aVeryFlatPictureIsStillALine() {
        assertEquals(new PictureBox(0, 49, 100, 1), fit(4096, 1, 100, 100));
    }

    @ParameterizedTest
    @CsvSource({
        "FIT, 100, 50, 2",
        "FILL, 100, 50, 4",
        "ACTUAL_SIZE, 100, 50, 1",
        "INTEGER, 100, 50, 2",
        "INTEGER, 70, 50, 2",
        "INTEGER, 400, 50, 0.5"
    })
    void eachModeHasItsScale(ScaleMode mode, double width, double height, double scale) {
        assertEquals(scale, mode.scale(width, height, 200, 200));
    }

    @Test
    void aPictureIsMovedUpToItsEdgesOnly() {
        assertEquals(new PictureBox(-300, -300, 400, 400), PictureBox.of(100, 100, 100, 100, 4, -999, -150));
        assertEquals(new PictureBox(0, 0, 400, 400), PictureBox.of(100, 100, 100, 100, 4, 999, 151));
        assertEquals(new PictureBox(75, 0, 25, 25), PictureBox.of(100, 100, 100, 100, 0.25, 999, -999));
    }

    @Test
    void aPictureThatExceedsItsAreaSaysSo() {
        assertTrue(PictureBox.of(100, 100, 100, 100, 1.1, 0, 0).exceeds(100, 100));
        assertFalse(PictureBox.of(100, 100, 100, 100, 1, 0, 0).exceeds(100, 100));
    }

    private static PictureBox fit(double width, double height, double areaWidth, double areaHeight) {
        double scale = ScaleMode.FIT.scale(width, height, areaWidth, areaHeight);
        return PictureBox.of(width, height, areaWidth, areaHeight, scale, 0, 0);
    }
}
