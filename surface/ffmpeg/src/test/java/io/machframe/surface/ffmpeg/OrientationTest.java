/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file's picture as it is meant to be seen: turned by its matrix, and as wide as its pixels are. */
final class OrientationTest {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;

    @TempDir
    private Path directory;

    /** The matrix is defined by where it takes a pixel, so that is what is looked for. */
    @ParameterizedTest
    @CsvSource({"1,0,0,1", "-1,0,0,1", "-1,0,0,-1", "1,0,0,-1", "0,1,1,0", "0,1,-1,0", "0,-1,1,0", "0,-1,-1,0"})
    void everyPixelIsWhereTheFilesMatrixTakesIt(int a, int b, int c, int d) throws Exception {
        Path clip = directory.resolve("clip.mp4");
        ClipMaker.make(clip, ClipSpec.h264(WIDTH, HEIGHT, 3, 25), frames -> {});
        Picture plain = first(clip);
        Picture turned = first(withMatrix(clip, a, b, c, d));
        boolean sideways = a == 0;
        assertEquals(sideways ? HEIGHT : WIDTH, turned.width());
        assertEquals(sideways ? WIDTH : HEIGHT, turned.height());
        long difference = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int seenX = a * x + c * y + (a + c < 0 ? turned.width() - 1 : 0);
                int seenY = b * x + d * y + (b + d < 0 ? turned.height() - 1 : 0);
                difference += difference(pixel(plain, x, y), pixel(turned, seenX, seenY));
            }
        }
        // Between two pixels of colour swscale may look to another side than it did before the turn.
        assertTrue(difference < 8L * WIDTH * HEIGHT, "mean difference " + (double) difference / WIDTH / HEIGHT);
    }

    @ParameterizedTest
    @CsvSource({"1:1,40,30", "4:3,53,30", "1:2,40,60", "0:0,40,30", "1000:1,40,30"})
    void pixelsThatAreNotSquareWidenOrHeightenThePicture(String aspect, int width, int height) throws Exception {
        try (VideoReader reader = VideoReader.open(rawVideo(40, 30, aspect))) {
            assertEquals(width, reader.info().width());
            assertEquals(height, reader.info().height());
        }
    }

    @Test
    void everyPictureOfAFileIsTurned() throws Exception {
        Path clip = directory.resolve("clip.mp4");
        ClipMaker.make(clip, ClipSpec.h264(WIDTH, HEIGHT, 30, 25), frames -> {});
        try (VideoReader reader = VideoReader.open(withMatrix(clip, 0, 1, -1, 0))) {
            for (int i = 0; i < 30; i++) {
                assertTrue(reader.next());
                assertEquals(i * 40_000_000L, reader.ptsNanos());
                assertEquals(HEIGHT, reader.frame().width());
            }
        }
    }

    private static Picture first(Path file) throws VideoException {
        try (VideoReader reader = VideoReader.open(file);
                FrameScaler scaler = FrameScaler.open()) {
            Picture picture = Picture.allocate(
                    PixelLayout.BGRA, reader.info().width(), reader.info().height());
            assertTrue(reader.next());
            scaler.draw(reader, picture);
            return picture;
        }
    }

    private static int pixel(Picture picture, int x, int y) {
        return picture.plane(0).getInt(y * picture.stride(0) + 4 * x);
    }

    private static int difference(int pixel, int other) {
        int sum = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            sum += Math.abs((pixel >> shift & 255) - (other >> shift & 255));
        }
        return sum;
    }

    /** Writes the matrix into the track's header, where cameras write it: 16.16 fixed point, and 2.30 for the last column. */
    private Path withMatrix(Path clip, int a, int b, int c, int d) throws Exception {
        byte[] bytes = Files.readAllBytes(clip);
        int header = indexOf(bytes, "tkhd".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer matrix = ByteBuffer.wrap(bytes).position(header + 4 + 40);
        matrix.putInt(a << 16).putInt(b << 16).putInt(0);
        matrix.putInt(c << 16).putInt(d << 16).putInt(0);
        return Files.write(directory.resolve("turned.mp4"), bytes);
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        int at = 0;
        while (!Arrays.equals(wanted, Arrays.copyOfRange(bytes, at, at + wanted.length))) {
            at++;
        }
        return at;
    }

    private Path rawVideo(int width, int height, String aspect) throws Exception {
        String head = "YUV4MPEG2 W" + width + " H" + height + " F25:1 A" + aspect + " C444\nFRAME\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(start, start.length + 3 * width * height);
        return Files.write(directory.resolve("raw.y4m"), bytes);
    }
}
