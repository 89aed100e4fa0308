/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javax.imageio.ImageIO;

/** Images of JavaFX as PNG files, with alpha if not all of it is opaque. */
final class Png {
    private static final int OPAQUE = 0xff;

    private Png() {}

    static void write(Image image, Path file) throws IOException {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        int[] pixels = new int[width * height];
        image.getPixelReader().getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
        BufferedImage copy = new BufferedImage(width, height, type(pixels));
        copy.setRGB(0, 0, width, height, pixels, 0, width);
        // ImageIO would print a stack trace about a file that it cannot open itself.
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(copy, "png", out);
        }
    }

    private static int type(int[] pixels) {
        for (int pixel : pixels) {
            if (pixel >>> 24 != OPAQUE) {
                return BufferedImage.TYPE_INT_ARGB;
            }
        }
        return BufferedImage.TYPE_INT_RGB;
    }
}
