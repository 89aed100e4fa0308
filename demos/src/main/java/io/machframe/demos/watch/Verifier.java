/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import io.machframe.surface.ffmpeg.FrameHash;
import io.machframe.surface.ffmpeg.FrameScaler;
import io.machframe.surface.ffmpeg.Picture;
import io.machframe.surface.ffmpeg.PixelLayout;
import io.machframe.surface.ffmpeg.VideoException;
import io.machframe.surface.ffmpeg.VideoReader;
import java.nio.file.Path;

/**
 * Checks received frames, pixel by pixel, against a decoding of the same file of its own, in ordinary memory. Which
 * picture a frame must be follows from its number in the stream.
 */
final class Verifier implements AutoCloseable {
    private final Path file;
    private final VideoReader reader;
    private final FrameScaler scaler;
    private final FrameHash hash = new FrameHash();
    private Picture expected;
    private long position = -1;
    private long verified;

    private Verifier(Path file, VideoReader reader, FrameScaler scaler) {
        this.file = file;
        this.reader = reader;
        this.scaler = scaler;
        this.expected = Picture.allocate(
                PixelLayout.BGRA, reader.info().width(), reader.info().height());
    }

    static Verifier open(Path file) throws VideoException {
        VideoReader reader = VideoReader.open(file);
        try {
            Verifier verifier = new Verifier(file, reader, FrameScaler.open());
            verifier.prepare();
            return verifier;
        } catch (VideoException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Checks one frame; later calls must be of later frames.
     *
     * @throws MismatchException if it is not what the file has at that place
     */
    void check(long sequence, Picture received) throws VideoException, MismatchException {
        advanceTo(sequence);
        Picture decoded = pictureLike(received);
        scaler.draw(reader, decoded);
        long expectedHash = hash.of(decoded);
        long receivedHash = hash.of(received);
        if (expectedHash != receivedHash) {
            throw new MismatchException(String.format(
                    "frame %d is not that of %s: its pixels' hash is %016x, expected %016x",
                    sequence, file, receivedHash, expectedHash));
        }
        verified++;
    }

    /** Returns how many frames were found to be right. */
    long verified() {
        return verified;
    }

    @Override
    public void close() {
        scaler.close();
        reader.close();
    }

    /** Does all of it once: the first time takes long, and frames that come meanwhile would be missed. */
    private void prepare() throws VideoException {
        advanceTo(0);
        scaler.draw(reader, expected);
        hash.of(expected);
    }

    private Picture pictureLike(Picture received) {
        if (!expected.isLike(received)) {
            expected = Picture.allocate(received.layout(), received.width(), received.height());
        }
        return expected;
    }

    /** A publisher that plays its file again goes on counting. */
    private void advanceTo(long sequence) throws VideoException {
        while (position < sequence) {
            if (!reader.next()) {
                reader.rewind();
                continue;
            }
            position++;
        }
    }
}
