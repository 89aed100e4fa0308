/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

/** Where a picture lies in its area: a rectangle in whole units, which may be larger than the area. */
record PictureBox(double x, double y, double width, double height) {
    /**
     * Returns the place of a picture that is scaled and then moved away from the centre, but not so far that there is more
     * beside it than there has to be.
     */
    static PictureBox of(
            double pictureWidth,
            double pictureHeight,
            double areaWidth,
            double areaHeight,
            double scale,
            double panX,
            double panY) {
        // A line that is thinner than a pixel would not be seen at all.
        double width = Math.max(1, Math.round(pictureWidth * scale));
        double height = Math.max(1, Math.round(pictureHeight * scale));
        return new PictureBox(start(width, areaWidth, panX), start(height, areaHeight, panY), width, height);
    }

    private static double start(double size, double area, double pan) {
        double free = Math.abs(area - size) / 2;
        return Math.floor((area - size) / 2 + Math.max(-free, Math.min(free, pan)));
    }

    boolean exceeds(double areaWidth, double areaHeight) {
        return x < 0 || y < 0 || x + width > areaWidth || y + height > areaHeight;
    }
}
