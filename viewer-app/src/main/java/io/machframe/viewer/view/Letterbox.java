/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

/** Where a picture lies that is as large as its area allows, keeps its shape and is centred. In whole pixels. */
record Letterbox(double x, double y, double width, double height) {
    static Letterbox of(double pictureWidth, double pictureHeight, double areaWidth, double areaHeight) {
        double scale = Math.min(areaWidth / pictureWidth, areaHeight / pictureHeight);
        // A line that is thinner than a pixel would not be seen at all.
        double width = Math.max(1, Math.round(pictureWidth * scale));
        double height = Math.max(1, Math.round(pictureHeight * scale));
        return new Letterbox(Math.floor((areaWidth - width) / 2), Math.floor((areaHeight - height) / 2), width, height);
    }
}
