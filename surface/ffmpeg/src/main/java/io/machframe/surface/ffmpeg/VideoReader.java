/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Reads the pictures of a video file, one after the other, decoded by FFmpeg on the processor. Sound and subtitles are
 * left out. Pictures are turned upright where the file says that the camera was held otherwise.
 *
 * <p>The pictures themselves are fetched by {@link FrameScaler#draw}.
 *
 * <p><b>Ownership.</b> The reader owns the open file, the decoder with its threads, and one picture.
 *
 * <p><b>Threads.</b> For one thread at a time.
 */
public final class VideoReader implements AutoCloseable {
    private final Path file;
    private final DecodedFrame frame = new DecodedFrame();
    private final Timeline timeline = new Timeline();
    private final Turner turner;
    private final VideoInfo info;
    private VideoStream stream;
    private boolean ahead;
    private long count;
    private long ptsNanos;
    private boolean closed;

    private VideoReader(Path file, VideoStream stream) throws VideoException {
        this.file = file;
        this.stream = stream;
        this.turner = new Turner(file);
        try {
            readFirst();
            info = stream.describe(frame);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a file and decodes its first picture, so that a file which opens can be played.
     *
     * @throws VideoException if there is no such file, or there is no video in it that can be decoded; the message says
     *     which
     */
    public static VideoReader open(Path file) throws VideoException {
        return new VideoReader(file, VideoStream.open(file));
    }

    /** Returns what the file says of itself. */
    public VideoInfo info() {
        return info;
    }

    /**
     * Goes to the next picture, the first one at first.
     *
     * @return false at the end of the file
     * @throws VideoException if the file ends too early, after all was read that can be
     */
    public boolean next() throws VideoException {
        checkOpen();
        if (ahead) {
            ahead = false;
        } else if (!decode()) {
            checkComplete();
            return false;
        }
        count++;
        ptsNanos = stampFrame();
        return true;
    }

    /** Returns when the present picture is to be shown, in nanoseconds from the first one; grows with every picture. */
    public long ptsNanos() {
        return ptsNanos;
    }

    /**
     * Goes back before the first picture. The time stamps go on growing, as if the file followed itself.
     *
     * @throws VideoException if the file is no longer there or no longer the same
     */
    public void rewind() throws VideoException {
        checkOpen();
        // Opened anew: after a seek some decoders give other pictures than from the start.
        VideoStream again = VideoStream.open(file);
        stream.close();
        stream = again;
        timeline.restart();
        count = 0;
        readFirst();
    }

    /** Closes the file. May be called again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            stream.close();
            turner.close();
            frame.close();
        }
    }

    /** Returns the present picture as decoded; the same object each time. */
    DecodedFrame frame() {
        checkOpen();
        return frame;
    }

    Path file() {
        return file;
    }

    private void readFirst() throws VideoException {
        if (!decode()) {
            throw new VideoException(
                    file, "is truncated or damaged: no picture in it can be decoded (" + stream.containerName() + ")");
        }
        ahead = true;
    }

    private boolean decode() throws VideoException {
        boolean decoded = stream.decode(frame.frame());
        if (decoded) {
            turner.turn(frame.frame());
        }
        return decoded;
    }

    private void checkComplete() throws VideoException {
        if (stream.damaged()) {
            throw new VideoException(file, "is truncated or damaged: it ends after " + count + " frames");
        }
    }

    private long stampFrame() {
        long stamp = stream.stamp(frame.frame());
        long duration = stream.duration(frame.frame());
        return stamp == avutil.AV_NOPTS_VALUE ? timeline.unstamped(duration) : timeline.at(stamp, duration);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(file + " was closed");
        }
    }
}
