/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the reader that comes with Java. */
final class PngFileTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1,1,true", "1,1,false", "3,2,true", "641,359,false", "70,1,true", "1,70,false"})
    void whatWasWrittenIsRead(int width, int height, boolean withAlpha) throws Exception {
        int[] pixels = new Random(width).ints((long) width * height).toArray();
        Path file = Files.writeString(directory.resolve("a.png"), "old");
        PngFile.write(pixels, width, withAlpha, file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(width, image.getWidth());
        assertEquals(height, image.getHeight());
        assertEquals(withAlpha, image.getColorModel().hasAlpha());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = pixels[y * width + x];
                assertEquals(withAlpha ? pixel : pixel | 0xFF000000, image.getRGB(x, y));
            }
        }
    }

    @Test
    void whatIsNoPictureIsRefused() {
        Path file = directory.resolve("a.png");
        assertThrows(IllegalArgumentException.class, () -> PngFile.write(new int[0], 1, false, file));
        assertThrows(IllegalArgumentException.class, () -> PngFile.write(new int[5], 2, false, file));
        assertThrows(IllegalArgumentException.class, () -> PngFile.write(new int[5], 0, false, file));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsAnError() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThrows(IOException.class, () -> PngFile.write(new int[1], 1, false, file.resolve("a.png")));
    }
}
