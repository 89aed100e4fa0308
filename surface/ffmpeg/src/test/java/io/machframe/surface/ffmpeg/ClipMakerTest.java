/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClipMakerTest {
    @TempDir
    private Path directory;

    @Test
    void aClipIsH264InMp4OfTheSizeRateAndLengthAskedFor() throws Exception {
        Path clip = make(ClipSpec.h264(320, 180, 20, 25));
        try (VideoDecoder film = VideoDecoder.open(clip)) {
            VideoInfo info = film.info();
            assertEquals("320x180 h264, 25.00 fps, 0.8 s (QuickTime / MOV)", info.toString());
            assertEquals(20, info.expectedFrames());
            assertEquals(20, count(film));
        }
    }

    @Test
    void thePictureMovesWithEveryFrame() throws Exception {
        Set<Integer> hashes = new HashSet<>();
        try (VideoDecoder film = VideoDecoder.open(make(ClipSpec.h264(320, 180, 20, 25)));
                Shown shown = new Shown(PixelFormat.BGRA, 320, 180)) {
            while (film.next()) {
                hashes.add(Arrays.hashCode(shown.draw(film)));
            }
        }
        assertEquals(20, hashes.size());
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,3", "1,70", "70,1", "641,359", "1366,768", "720,1280"})
    void aLosslessClipMayHaveAnySize(int width, int height) throws Exception {
        try (VideoDecoder film = VideoDecoder.open(make(ClipSpec.lossless(width, height, 2, 30)))) {
            assertEquals(width, film.info().width());
            assertEquals(height, film.info().height());
            assertEquals(2, count(film));
        }
    }

    @Test
    void oddSizesAreRefusedForH264() {
        assertThrows(IllegalArgumentException.class, () -> ClipSpec.h264(321, 180, 1, 30));
        assertThrows(IllegalArgumentException.class, () -> ClipSpec.h264(320, 181, 1, 30));
    }

    @Test
    void progressIsToldAfterEachFrame() throws Exception {
        List<Integer> told = new ArrayList<>();
        ClipMaker.make(directory.resolve("clip"), ClipSpec.lossless(16, 16, 5, 30), told::add);
        assertEquals(IntStream.rangeClosed(1, 5).boxed().toList(), told);
    }

    @Test
    void aClipThatIsThereIsLeftAsItIs() throws Exception {
        Path there = Files.writeString(directory.resolve("clip"), "mine");
        ClipMaker.makeOnce(there, ClipSpec.lossless(16, 16, 1, 30), frames -> {});
        assertEquals("mine", Files.readString(there));
    }

    @Test
    void aClipThatIsThereIsReplacedOnDemand() throws Exception {
        Path there = Files.writeString(directory.resolve("clip"), "mine");
        ClipMaker.make(there, ClipSpec.lossless(16, 16, 1, 30), frames -> {});
        VideoDecoder.open(there).close();
        assertEquals(List.of(there), files());
    }

    @Test
    void directoriesAreMadeAsNeeded() throws Exception {
        Path clip = directory.resolve("a/b/clip");
        ClipMaker.makeOnce(clip, ClipSpec.lossless(16, 16, 1, 30), frames -> {});
        assertTrue(Files.exists(clip));
    }

    @Test
    void aClipThatCannotBeMadeLeavesNothingBehind() throws Exception {
        Path clip = directory.resolve("clip");
        ClipSpec impossible = ClipSpec.lossless(16, 16, 1, 30).withEncoder("nonesuch");
        VideoException e = assertThrows(VideoException.class, () -> ClipMaker.make(clip, impossible, frames -> {}));
        assertTrue(e.getMessage().contains("nonesuch"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertEquals(List.of(), files());
    }

    @Test
    void anInterruptedClipLeavesNothingBehind() throws Exception {
        Path clip = directory.resolve("clip");
        assertThrows(
                IllegalStateException.class,
                () -> ClipMaker.make(clip, ClipSpec.lossless(16, 16, 3, 30), frames -> {
                    throw new IllegalStateException("stop");
                }));
        assertEquals(List.of(), files());
    }

    private Path make(ClipSpec spec) throws IOException {
        Path clip = directory.resolve("clip");
        ClipMaker.make(clip, spec, frames -> {});
        return clip;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.toList();
        }
    }

    private static int count(VideoDecoder film) throws VideoException {
        int count = 0;
        while (film.next()) {
            count++;
        }
        return count;
    }
}
