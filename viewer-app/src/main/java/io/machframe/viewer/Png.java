/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.surface.convert.PngFile;
import java.io.IOException;
import java.nio.file.Path;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;

/** Images of JavaFX as PNG files, with alpha if not all of it is opaque. */
final class Png {
    private static final int OPAQUE = 0xff;

    private Png() {}

    static void write(Image image, Path file) throws IOException {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        int[] pixels = new int[width * height];
        image.getPixelReader().getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        PngFile.write(pixels, width, !isOpaque(pixels), file);
    }

    private static boolean isOpaque(int[] pixels) {
        for (int pixel : pixels) {
            if (pixel >>> 24 != OPAQUE) {
                return false;
            }
        }
        return true;
    }
}
