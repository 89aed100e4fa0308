/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.ffmpeg.ClipMaker;
import io.machframe.surface.ffmpeg.ClipSpec;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.ffmpeg.VideoException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example of the package page of {@code ffmpeg}. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
class FilmExampleTest {
    // @start region="publish"
    /** Decodes a film into the surfaces of a stream and returns how many pictures it had. */
    static long publish(Path file) throws VideoException, MachException, InterruptedException {
        try (VideoDecoder film = VideoDecoder.open(file);
                FrameServer server = FrameServer.builder("film")
                        .format(FrameFormat.of(film.info().width(), film.info().height(), PixelFormat.BGRA))
                        .open()) {
            while (film.next()) {
                try (FrameDraft draft = server.acquire()) {
                    film.draw(draft);
                    draft.publish(film.timestampNanos());
                }
            }
            return server.statistics().published();
        }
    }
    // @end

    @Test
    void aFilmIsPublishedPictureByPicture(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("clip.mkv");
        ClipMaker.make(file, ClipSpec.lossless(64, 32, 5, 30), frames -> {});
        assertEquals(5, publish(file));
    }
}
