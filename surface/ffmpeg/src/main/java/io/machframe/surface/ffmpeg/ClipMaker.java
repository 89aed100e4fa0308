/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/** Makes video clips: a moving picture by FFmpeg's generators, coded by FFmpeg's encoders. Needs no file to start from. */
public final class ClipMaker {
    private ClipMaker() {}

    /**
     * Makes {@code file} unless it is there.
     *
     * @param progress is told how many frames are done, after each
     * @throws IOException if the clip cannot be made or written; then there is no file
     */
    public static void makeOnce(Path file, ClipSpec spec, IntConsumer progress) throws IOException {
        if (!Files.exists(file)) {
            make(file, spec, progress);
        }
    }

    /**
     * Makes {@code file}, or makes it anew. It appears whole or not at all.
     *
     * @param progress is told how many frames are done, after each
     * @throws IOException if the clip cannot be made or written
     */
    public static void make(Path file, ClipSpec spec, IntConsumer progress) throws IOException {
        Libav.load();
        try (FileReplacement replacement = new FileReplacement(file)) {
            encode(replacement.temporary(), spec, progress);
            replacement.commit();
        }
    }

    private static void encode(Path file, ClipSpec spec, IntConsumer progress) throws VideoException {
        AVFrame frame = avutil.av_frame_alloc();
        try (TestPattern pattern = new TestPattern(file, spec);
                ClipWriter writer = new ClipWriter(file, spec)) {
            for (int done = 0; done < spec.frames(); done++) {
                pattern.draw(frame);
                writer.write(frame.pts(done));
                avutil.av_frame_unref(frame);
                progress.accept(done + 1);
            }
            writer.finish();
        } finally {
            avutil.av_frame_free(frame);
        }
    }
}
