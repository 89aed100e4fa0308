/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
        boolean sideways = a == 0;
        int turnedWidth = sideways ? HEIGHT : WIDTH;
        int turnedHeight = sideways ? WIDTH : HEIGHT;
        for (PixelFormat format : List.of(PixelFormat.BGRA, PixelFormat.NV12_VIDEO, PixelFormat.P010_VIDEO)) {
            int[] plain = first(clip, format, WIDTH, HEIGHT);
            int[] turned = first(withMatrix(clip, a, b, c, d), format, turnedWidth, turnedHeight);
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    int seenX = a * x + c * y + (a + c < 0 ? turnedWidth - 1 : 0);
                    int seenY = b * x + d * y + (b + d < 0 ? turnedHeight - 1 : 0);
                    assertEquals(plain[y * WIDTH + x], turned[seenY * turnedWidth + seenX], format + " " + x + "," + y);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1:1,40,30", "4:3,53,30", "1:2,40,60", "0:0,40,30", "1000:1,40,30"})
    void pixelsThatAreNotSquareWidenOrHeightenThePicture(String aspect, int width, int height) throws Exception {
        try (VideoDecoder film = VideoDecoder.open(rawVideo(40, 30, aspect))) {
            assertEquals(width, film.info().width());
            assertEquals(height, film.info().height());
        }
    }

    @Test
    void everyPictureOfAFileIsTurned() throws Exception {
        Path clip = directory.resolve("clip.mp4");
        ClipMaker.make(clip, ClipSpec.h264(WIDTH, HEIGHT, 30, 25), frames -> {});
        try (VideoDecoder film = VideoDecoder.open(withMatrix(clip, 0, 1, -1, 0))) {
            for (int i = 0; i < 30; i++) {
                assertTrue(film.next());
                assertEquals(i * 40_000_000L, film.timestampNanos());
                assertEquals(HEIGHT, film.picture().width());
            }
        }
    }

    private static int[] first(Path file, PixelFormat format, int width, int height) throws IOException {
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(format, width, height)) {
            assertEquals(width, film.info().width());
            assertEquals(height, film.info().height());
            assertTrue(film.next());
            return shown.draw(film);
        }
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
