/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.surface.format.YCbCrMatrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PngWriterTest {
    @TempDir
    private Path directory;

    @Test
    void bgraIsWrittenWithoutItsPaddingAndOpaque() throws Exception {
        Picture picture = Picture.allocate(PixelLayout.BGRA, 3, 2);
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                byte[] pixel = {(byte) (10 * x), (byte) (100 * y), (byte) 200, 0};
                picture.plane(0).put(y * picture.stride(0) + 4 * x, pixel);
            }
        }
        BufferedImage image = written(picture);
        assertEquals(3, image.getWidth());
        assertEquals(2, image.getHeight());
        assertFalse(image.getColorModel().hasAlpha());
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                assertEquals(0xFFC80000 + 0x6400 * y + 10 * x, image.getRGB(x, y), x + "," + y);
            }
        }
    }

    @Test
    void standardDefinitionIsShownWithItsMatrix() throws Exception {
        assertRed(filled(PixelLayout.NV12_VIDEO, 3, 3, 81, 90, 240));
        assertRed(filled(PixelLayout.NV12_FULL, 3, 3, 76, 85, 255));
    }

    @Test
    void highDefinitionIsShownWithItsMatrix() throws Exception {
        assertRed(filled(PixelLayout.NV12_VIDEO, 3, 721, 63, 102, 240));
    }

    @Test
    void whiteAndBlackAreWhereTheRangeEnds() throws Exception {
        assertEquals(
                0xFFFFFFFF,
                written(filled(PixelLayout.NV12_VIDEO, 1, 1, 235, 128, 128)).getRGB(0, 0));
        assertEquals(
                0xFF000000,
                written(filled(PixelLayout.NV12_VIDEO, 1, 1, 16, 128, 128)).getRGB(0, 0));
        assertEquals(
                0xFFFFFFFF,
                written(filled(PixelLayout.NV12_FULL, 1, 1, 255, 128, 128)).getRGB(0, 0));
        assertEquals(
                0xFF000000,
                written(filled(PixelLayout.NV12_FULL, 1, 1, 0, 128, 128)).getRGB(0, 0));
    }

    @Test
    void aFileThatIsThereIsReplacedAndNothingElseIsLeft() throws Exception {
        Path file = Files.writeString(directory.resolve("a.png"), "old");
        PngWriter.write(Picture.allocate(PixelLayout.BGRA, 1, 1), YCbCrMatrix.BT601, file);
        assertEquals(1, ImageIO.read(file.toFile()).getWidth());
        try (Stream<Path> list = Files.list(directory)) {
            assertEquals(List.of(file), list.toList());
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsAnError() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Picture picture = Picture.allocate(PixelLayout.BGRA, 1, 1);
        assertThrows(
                IOException.class,
                () -> PngWriter.write(picture, YCbCrMatrix.ofHeight(picture.height()), file.resolve("a.png")));
    }

    private BufferedImage written(Picture picture) throws IOException {
        Path file = directory.resolve("new/picture.png");
        PngWriter.write(picture, YCbCrMatrix.ofHeight(picture.height()), file);
        return ImageIO.read(file.toFile());
    }

    private void assertRed(Picture picture) throws IOException {
        BufferedImage image = written(picture);
        int last = image.getRGB(image.getWidth() - 1, image.getHeight() - 1);
        assertEquals(255, last >> 16 & 0xFF, 2);
        assertEquals(0, last >> 8 & 0xFF, 2);
        assertEquals(0, last & 0xFF, 2);
    }

    private static Picture filled(PixelLayout layout, int width, int height, int y, int u, int v) {
        Picture picture = Picture.allocate(layout, width, height);
        ByteBuffer luma = picture.plane(0);
        for (int i = 0; i < luma.capacity(); i++) {
            luma.put(i, (byte) y);
        }
        ByteBuffer chroma = picture.plane(1);
        for (int i = 0; i < chroma.capacity(); i += 2) {
            chroma.put(i, (byte) u).put(i + 1, (byte) v);
        }
        return picture;
    }
}
