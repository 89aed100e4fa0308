/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** What the first bytes of a file that cannot be decoded look like. */
final class ContainerGuess {
    private static final int WEBP_FLAGS = 20;
    private static final int WEBP_ANIMATION = 2;

    private ContainerGuess() {}

    /** Returns whether a file is a WebP of several pictures, which FFmpeg opens and finds nothing in. */
    static boolean isAnimatedWebp(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            byte[] head = bytes.readNBytes(WEBP_FLAGS + 1);
            return head.length > WEBP_FLAGS
                    && new String(head, 0, 4, StandardCharsets.US_ASCII).equals("RIFF")
                    && new String(head, 8, 8, StandardCharsets.US_ASCII).equals("WEBPVP8X")
                    && (head[WEBP_FLAGS] & WEBP_ANIMATION) != 0;
        } catch (IOException e) {
            return false;
        }
    }

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
