/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LetterboxTest {
    @Test
    void aPictureOfTheAreasShapeFillsIt() {
        assertEquals(new Letterbox(0, 0, 960, 540), Letterbox.of(1920, 1080, 960, 540));
        assertEquals(new Letterbox(0, 0, 960, 540), Letterbox.of(480, 270, 960, 540));
    }

    @Test
    void aWidePictureHasBarsAboveAndBelow() {
        assertEquals(new Letterbox(0, 75, 800, 450), Letterbox.of(1280, 720, 800, 600));
    }

    @Test
    void aTallPictureHasBarsOnItsSides() {
        assertEquals(new Letterbox(231, 0, 338, 600), Letterbox.of(720, 1280, 800, 600));
    }

    @Test
    void aPictureLiesOnWholePixels() {
        assertEquals(new Letterbox(0, 50, 101, 57), Letterbox.of(641, 359, 101, 157.5));
    }

    @Test
    void aVeryFlatPictureIsStillALine() {
        assertEquals(new Letterbox(0, 49, 100, 1), Letterbox.of(4096, 1, 100, 100));
    }
}
