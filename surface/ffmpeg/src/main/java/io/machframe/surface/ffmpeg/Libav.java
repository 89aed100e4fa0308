/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/** The FFmpeg libraries: loaded once, silent, and with their error codes told in words. */
final class Libav {
    private static final int MESSAGE_BYTES = 256;

    private static boolean loaded;

    private Libav() {}

    /**
     * Loads the libraries unless that was done, and turns their logging off: what a user must know is in our exceptions.
     *
     * @throws VideoException if there are no libraries for this system
     */
    static synchronized void load() throws VideoException {
        if (loaded) {
            return;
        }
        // Shared surfaces count as resident memory: JavaCPP's watch over that would refuse to allocate at some point.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        try {
            Loader.load(avutil.class);
            Loader.load(avcodec.class);
            Loader.load(avformat.class);
            Loader.load(avfilter.class);
            Loader.load(swscale.class);
            avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        } catch (LinkageError e) {
            String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
            throw new VideoException("FFmpeg cannot be loaded on " + system + ": " + firstLine(e), e);
        }
        loaded = true;
    }

    /** Returns {@code code} if it is no error. */
    static int check(Path file, String action, int code) throws VideoException {
        if (code < 0) {
            throw new VideoException(file, "cannot " + action + ": " + text(code));
        }
        return code;
    }

    /** Throws if a call failed that fails for lack of memory only. */
    static void check(String call, int code) {
        if (code < 0) {
            throw new IllegalStateException(call + ": " + text(code));
        }
    }

    /** Returns what FFmpeg says an error code means, {@code av_strerror}. */
    static String text(int code) {
        try (BytePointer text = new BytePointer(MESSAGE_BYTES)) {
            avutil.av_strerror(code, text, MESSAGE_BYTES);
            return text.limit(BytePointer.strlen(text)).getString();
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
