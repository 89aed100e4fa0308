/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.surface.convert.PngFile;
import java.io.IOException;
import java.nio.file.Path;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;

/** Images of JavaFX as PNG files. */
final class Png {
    private Png() {}

    static void write(Image image, Path file) throws IOException {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        int[] pixels = new int[width * height];
        image.getPixelReader().getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        PngFile.write(pixels, width, false, file);
    }
}
