/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.format.YCbCrMatrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes pictures as PNG files. */
public final class PngWriter {
    private PngWriter() {}

    /**
     * Writes {@code picture}, opaque, to {@code file}; a file that is there already is replaced in one step.
     *
     * @param matrix how a picture in 420v or 420f becomes red, green and blue; of no meaning to another
     * @throws IOException if the file cannot be written
     */
    public static void write(Picture picture, YCbCrMatrix matrix, Path file) throws IOException {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
        RgbRows rows = RgbRows.of(picture, matrix);
        int[] pixels = new int[picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            rows.read(y, pixels);
            image.setRGB(0, y, pixels.length, 1, pixels, 0, pixels.length);
        }
        try (FileReplacement replacement = new FileReplacement(file)) {
            try (OutputStream bytes = Files.newOutputStream(replacement.temporary())) {
                if (!ImageIO.write(image, "png", bytes)) {
                    throw new IOException("this Java cannot write PNG files");
                }
            }
            replacement.commit();
        }
    }
}
