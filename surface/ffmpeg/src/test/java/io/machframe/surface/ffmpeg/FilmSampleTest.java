/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One file of each encoder that is fast against the exact decoding; {@link FilmHarness} has the rest. */
@Timeout(300)
final class FilmSampleTest {
    /** Alpha multiplies a colour that was rounded. */
    private static final double BGRA = 1.06;

    /** Luma and chroma of 420v are rounded, which green feels most. */
    private static final double NV12 = 2;

    private static final String FAST = "(?!lib|hevc|av1|vp[89]|h264).*";

    @TempDir
    private Path directory;

    @Test
    void oneFileOfEachEncoderIsDecodedExactly() throws Exception {
        List<FilmHarness.Result> results = new FilmHarness(directory).run(1, FAST);
        assertTrue(results.size() > 30, results.size() + " files");
        for (FilmHarness.Result result : results) {
            assertEquals("", result.trouble(), result.toString());
            if (result.reference().equals("formula")) {
                assertTrue(result.bgra() <= BGRA && result.nv12() <= NV12, result.toString());
            }
        }
    }
}
