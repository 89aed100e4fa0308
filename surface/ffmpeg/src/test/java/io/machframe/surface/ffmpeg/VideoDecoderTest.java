/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VideoDecoderTest {
    private static final ClipSpec SMALL = ClipSpec.h264(64, 64, 60, 30);

    @TempDir
    private Path directory;

    @Test
    void framesComeWithTheirTimes() throws Exception {
        try (VideoDecoder film = VideoDecoder.open(clip("a.mp4", SMALL))) {
            for (int i = 0; i < 60; i++) {
                assertTrue(film.next());
                assertEquals(i * 1e9 / 30, (double) film.timestampNanos(), 1);
            }
            assertFalse(film.next());
            assertFalse(film.next());
        }
    }

    @ParameterizedTest
    @CsvSource({"libopenh264,matroska", "libopenh264,mpegts", "mpeg4,avi", "libvpx-vp9,webm", "mjpeg,mov", "gif,gif"})
    void manyFormatsCanBeRead(String encoder, String container) throws Exception {
        String pixels = encoder.equals("gif") ? "rgb8" : encoder.equals("mjpeg") ? "yuvj420p" : "yuv420p";
        ClipSpec spec = ClipSpec.h264(64, 64, 10, 25)
                .withEncoder(encoder)
                .withContainer(container)
                .withPixelFormat(pixels);
        try (VideoDecoder film = VideoDecoder.open(clip("clip", spec))) {
            List<Long> times = times(film);
            assertEquals(10, times.size());
            for (int i = 0; i < 10; i++) {
                assertEquals(40e6 * i, times.get(i), 1e6);
            }
        }
    }

    @Test
    void aStreamWithoutTimesIsPlayedAtItsFrameRate() throws Exception {
        try (VideoDecoder film = VideoDecoder.open(clip("a.h264", SMALL.withContainer("h264")))) {
            List<Long> times = times(film);
            assertEquals(60, times.size());
            assertEquals(59 * 40_000_000L, times.get(59));
        }
    }

    @Test
    void aStillPictureIsAVideoOfOneFrame() throws Exception {
        Path file = directory.resolve("a.png");
        ImageIO.write(new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        try (VideoDecoder film = VideoDecoder.open(file)) {
            assertEquals(5, film.info().width());
            assertEquals(3, film.info().height());
            assertEquals(List.of(0L), times(film));
        }
    }

    @Test
    void namesThatLookLikeProtocolsAreFiles() throws Exception {
        Path file = clip("concat:a", SMALL);
        Path here = Path.of("").toAbsolutePath().relativize(file.toRealPath());
        VideoDecoder.open(here).close();
    }

    @Test
    void namesOfAnyLanguageAreFound() throws Exception {
        VideoDecoder.open(clip("with space, \"quotes\" & %d.mp4", SMALL)).close();
    }

    @Test
    void afterARewindTheSamePicturesComeAtLaterTimes() throws Exception {
        try (VideoDecoder film = VideoDecoder.open(clip("a.mp4", SMALL))) {
            List<Integer> first = hashes(film, 64, 64);
            long end = film.timestampNanos();
            film.rewind();
            assertTrue(film.next());
            assertEquals(end + 1e9 / 30, (double) film.timestampNanos(), 2);
            film.rewind();
            assertEquals(first, hashes(film, 64, 64));
        }
    }

    @Test
    void twoReadersGiveTheSamePictures() throws Exception {
        Path clip = clip("a.mp4", SMALL);
        try (VideoDecoder one = VideoDecoder.open(clip);
                VideoDecoder other = VideoDecoder.open(clip)) {
            assertEquals(hashes(one, 64, 64), hashes(other, 64, 64));
        }
    }

    @Test
    void aPictureThatChangesItsSizeIsDrawnIntoTheSameSurface() throws Exception {
        byte[] large = Files.readAllBytes(
                clip("large.h264", ClipSpec.h264(128, 64, 5, 25).withContainer("h264")));
        byte[] small = Files.readAllBytes(
                clip("small.h264", ClipSpec.h264(32, 48, 5, 25).withContainer("h264")));
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(large);
        both.write(small);
        try (VideoDecoder film = VideoDecoder.open(Files.write(directory.resolve("both.h264"), both.toByteArray()))) {
            assertEquals(128, film.info().width());
            assertEquals(10, hashes(film, 128, 64).size());
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertRefused(directory.resolve("none.mp4"), "no such file");
    }

    @Test
    void aDirectoryIsRefused() {
        assertRefused(directory, "is a directory, not a video");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        assertRefused(write("a.mp4", new byte[0]), "is empty");
    }

    @Test
    void textIsRefused() throws Exception {
        byte[] text = "Once upon a time.\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        assertRefused(write("a.mp4", text), "is not a video that FFmpeg knows");
        assertRefused(write("a.txt", text), "is text, not a video");
    }

    @Test
    void noiseIsRefused() throws Exception {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        assertRefused(write("a.mp4", noise), "is not a video that FFmpeg knows");
        assertRefused(write("zeros", new byte[100_000]), "is not a video that FFmpeg knows");
    }

    @Test
    void soundAloneIsRefused() throws Exception {
        assertRefused(write("a.wav", sound()), "has sound but no video in it");
    }

    @Test
    void soundWithACoverIsRefused() throws Exception {
        assertRefused(write("a.mp3", soundWithCover()), "has sound but no video in it");
    }

    @Test
    void aFileWithoutItsIndexIsRefused() throws Exception {
        Path cut = changed(clip("a.mp4", SMALL), bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(cut, "is truncated or damaged: nothing in this QuickTime / MOV file can be read");
    }

    @Test
    void aFileWithoutAWholePictureIsRefused() throws Exception {
        Path cut = changed(clip("a.mkv", SMALL.withContainer("matroska")), bytes -> Arrays.copyOf(bytes, 1000));
        assertRefused(cut, "is truncated or damaged: no picture in it can be decoded (Matroska / WebM)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"matroska", "webm", "avi"})
    void aTruncatedFileIsReadAsFarAsItGoesAndThenAnError(String container) throws Exception {
        ClipSpec spec = SMALL.withContainer(container).withEncoder(container.equals("webm") ? "libvpx" : "mpeg4");
        Path cut = changed(clip("clip", spec), bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        List<Long> times = new ArrayList<>();
        try (VideoDecoder film = VideoDecoder.open(cut)) {
            VideoException e = assertThrows(VideoException.class, () -> {
                while (film.next()) {
                    times.add(film.timestampNanos());
                }
            });
            assertTrue(times.size() > 10 && times.size() < 50, times.size() + " frames");
            assertEquals(cut + ": is truncated or damaged: it ends after " + times.size() + " frames", e.getMessage());
        }
    }

    @Test
    void aDamagedFileNeverCrashesTheReader() throws Exception {
        Path clip = clip("a.mkv", SMALL.withContainer("matroska"));
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Path damaged = changed(clip, bytes -> {
                for (int i = 0; i < 200; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                return bytes;
            });
            try (VideoDecoder film = VideoDecoder.open(damaged)) {
                hashes(film, 64, 64);
            } catch (VideoException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }

    @Test
    void aClosedReaderRefusesEveryCall() throws Exception {
        VideoDecoder film = VideoDecoder.open(clip("a.mp4", SMALL));
        film.close();
        film.close();
        assertThrows(IllegalStateException.class, film::next);
        assertThrows(IllegalStateException.class, film::rewind);
        assertThrows(IllegalStateException.class, film::picture);
    }

    private static void assertRefused(Path file, String reason) {
        VideoException e =
                assertThrows(VideoException.class, () -> VideoDecoder.open(file).close());
        assertEquals(file + ": " + reason, e.getMessage());
    }

    private static List<Long> times(VideoDecoder film) throws VideoException {
        List<Long> times = new ArrayList<>();
        while (film.next()) {
            times.add(film.timestampNanos());
        }
        return times;
    }

    private static List<Integer> hashes(VideoDecoder film, int width, int height) throws IOException {
        List<Integer> hashes = new ArrayList<>();
        try (Shown shown = new Shown(PixelFormat.BGRA, width, height)) {
            while (film.next()) {
                hashes.add(Arrays.hashCode(shown.draw(film)));
            }
        }
        return hashes;
    }

    private Path clip(String name, ClipSpec spec) throws IOException {
        Path clip = directory.resolve(name);
        ClipMaker.make(clip, spec, frames -> {});
        return clip;
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private Path changed(Path file, UnaryOperator<byte[]> change) throws IOException {
        return write("changed-" + file.getFileName(), change.apply(Files.readAllBytes(file)));
    }

    /** A second of silence. */
    private static byte[] sound() {
        int rate = 8000;
        ByteBuffer wave = ByteBuffer.allocate(44 + 2 * rate).order(ByteOrder.LITTLE_ENDIAN);
        wave.put(ascii("RIFF")).putInt(36 + 2 * rate).put(ascii("WAVEfmt "));
        wave.putInt(16).putShort((short) 1).putShort((short) 1);
        wave.putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16);
        wave.put(ascii("data")).putInt(2 * rate);
        return wave.array();
    }

    /** MPEG frames of silence after an ID3 tag with a picture. */
    private static byte[] soundWithCover() throws IOException {
        ByteArrayOutputStream cover = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", cover);
        byte[] picture = cover.toByteArray();
        int frameSize = 1 + 10 + 1 + 1 + picture.length;
        ByteBuffer file = ByteBuffer.allocate(10 + 10 + frameSize + 50 * 417);
        file.put(ascii("ID3")).put((byte) 3).put((byte) 0).put((byte) 0);
        int tagSize = 10 + frameSize;
        file.put((byte) (tagSize >> 21)).put((byte) (tagSize >> 14 & 127));
        file.put((byte) (tagSize >> 7 & 127)).put((byte) (tagSize & 127));
        file.put(ascii("APIC")).putInt(frameSize).putShort((short) 0);
        file.put((byte) 0).put(ascii("image/png")).put((byte) 0).put((byte) 3).put((byte) 0);
        file.put(picture);
        for (int i = 0; i < 50; i++) {
            int next = file.position() + 417;
            file.putInt(0xFFFB9000).position(next);
        }
        return file.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
