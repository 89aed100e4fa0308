/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** What the first bytes of a file that does not open look like. */
final class ContainerGuess {
    private ContainerGuess() {}

    /** Returns the name of the format that {@code file} starts as, or nothing. */
    static String of(Path file) {
        AVIOContext bytes = new AVIOContext((Pointer) null);
        try (BytePointer url = new BytePointer(("file:" + file + '\0').getBytes(StandardCharsets.UTF_8))) {
            if (avformat.avio_open(bytes, url, avformat.AVIO_FLAG_READ) < 0) {
                return "";
            }
            AVInputFormat format = new AVInputFormat((Pointer) null);
            int score = avformat.av_probe_input_buffer2(bytes, format, url, null, 0, 0);
            return score < avformat.AVPROBE_SCORE_EXTENSION
                    ? ""
                    : format.long_name().getString();
        } finally {
            avformat.avio_close(bytes);
        }
    }
}
