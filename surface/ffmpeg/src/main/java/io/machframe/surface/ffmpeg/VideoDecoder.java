/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.core.error.MachException;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameDraft;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Decodes a video or picture file with FFmpeg, on the processor, into surfaces, one picture after the other. Sound and
 * subtitles are left out.
 *
 * {@snippet class="io.machframe.surface.ffmpeg.examples.FilmExampleTest" region="publish"}
 *
 * <p><b>Pictures</b> are drawn as they are meant to be seen: cropped and turned upright as the file says, and in square
 * pixels. What a file says may change from picture to picture, and counts for each: {@link #picture} tells it. A picture of
 * another shape than the surface is drawn as large as fits, on black.
 *
 * <p><b>Colours</b> are converted exactly, and what they are is said with the frame, or attached to the surface. A file that does not tell its
 * matrix has BT.709 if it was coded with more than 576 rows, otherwise BT.601; untold luma and chroma are of limited range,
 * untold grey of full range. High dynamic range is kept in ten bits, and tone-mapped to sRGB in eight, see
 * {@code surface/docs/films.md}.
 *
 * <p><b>Alpha.</b> Pictures with alpha lie on black, unless it is {@linkplain #keepAlpha kept}.
 *
 * <p><b>Ownership.</b> The decoder owns the open file, FFmpeg's decoder with its threads, and one picture.
 *
 * <p><b>Threads.</b> Not thread-safe: confine it to one thread.
 */
public final class VideoDecoder implements AutoCloseable {
    /** The pixel formats of the surfaces that can be drawn into. */
    public static final List<PixelFormat> FORMATS =
            Arrays.stream(TargetFormat.values()).map(TargetFormat::pixelFormat).toList();

    private final Path file;
    private final Picture picture = new Picture();
    private final Timeline timeline = new Timeline();
    private final PictureConverter converter = new PictureConverter();
    private final ColorLabels labels = new ColorLabels();
    private final VideoInfo info;
    private VideoStream stream;
    private boolean ahead;
    private boolean keepsAlpha;
    private long count;
    private long timestampNanos;
    private long durationNanos;
    private boolean closed;

    private VideoDecoder(Path file, VideoStream stream) throws VideoException {
        this.file = file;
        this.stream = stream;
        try {
            readFirst();
            info = stream.describe(picture.width(), picture.height());
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
    public static VideoDecoder open(Path file) throws VideoException {
        return new VideoDecoder(file, VideoStream.open(file));
    }

    /** Returns what the file says of itself. */
    public VideoInfo info() {
        return info;
    }

    /**
     * Says whether alpha is kept: in BGRA then, premultiplied. Otherwise, and in formats without alpha, pictures lie on
     * black.
     */
    public void keepAlpha(boolean kept) {
        keepsAlpha = kept;
    }

    /**
     * Goes to the next picture, the first one at first. A picture that cannot be decoded is left out.
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
        stampFrame();
        return true;
    }

    /**
     * Returns when the present picture is to be shown, in nanoseconds from the first one: the file's own times, at least
     * one nanosecond more with every picture.
     */
    public long timestampNanos() {
        return timestampNanos;
    }

    /** Returns for how long it is to be shown, in nanoseconds: a guess where the file does not tell. */
    public long durationNanos() {
        return durationNanos;
    }

    /** Returns what the file says of the present picture. */
    public PictureDescription picture() {
        checkOpen();
        return picture.describe();
    }

    /**
     * Draws the present picture into a surface, filling all of it, and attaches its colours, what its alpha means, and
     * what is told of high dynamic range. Bytes between and after the rows are left alone.
     *
     * @throws IllegalArgumentException if the surface is of none of the {@link #FORMATS}
     * @throws VideoException if the picture's pixel format or colours cannot be converted; the message names them
     * @throws MachException if the surface cannot be locked, or nothing can be attached to it
     */
    public void draw(Surface surface) throws VideoException, MachException {
        TargetFormat format = target(surface);
        try {
            labels.attach(picture, format, keepsAlpha, surface);
            draw(format, surface);
        } catch (UnsupportedColorException e) {
            throw unsupported(e);
        }
    }

    /**
     * Draws the present picture into a frame that is to be published, and says with the frame what its colours are, what
     * its alpha means, and what is told of high dynamic range. Otherwise as {@link #draw(Surface)}.
     */
    public void draw(FrameDraft draft) throws VideoException, MachException {
        TargetFormat format = target(draft.surface());
        try {
            labels.describe(picture, format, keepsAlpha, draft);
            draw(format, draft.surface());
        } catch (UnsupportedColorException e) {
            throw unsupported(e);
        }
    }

    private TargetFormat target(Surface surface) {
        checkOpen();
        return TargetFormat.of(surface.pixelFormat())
                .orElseThrow(() -> new IllegalArgumentException(
                        "pictures are drawn in " + FORMATS + ", not in " + surface.pixelFormat()));
    }

    private VideoException unsupported(UnsupportedColorException e) {
        return new VideoException(file, "has " + e.getMessage() + ", which cannot be converted");
    }

    private void draw(TargetFormat format, Surface surface)
            throws VideoException, MachException, UnsupportedColorException {
        try (SurfaceLock lock = surface.lock()) {
            draw(SurfaceRaster.of(format, surface, lock));
        }
    }

    private void draw(Raster target) throws VideoException, UnsupportedColorException {
        if (!Repacker.supports(picture.frame().format())) {
            throw new VideoException(file, "its pictures, " + picture.pixelFormat() + ", cannot be converted");
        }
        Raster place = target;
        int width = picture.width();
        int height = picture.height();
        double scale = Math.min((double) target.width() / width, (double) target.height() / height);
        int fitWidth = Math.max(1, Math.min(target.width(), (int) Math.round(width * scale)));
        int fitHeight = Math.max(1, Math.min(target.height(), (int) Math.round(height * scale)));
        // A pixel less is how a shape was rounded, not another shape.
        if (target.width() - fitWidth > 1 || target.height() - fitHeight > 1) {
            target.blacken();
            place = target.part(
                    (target.width() - fitWidth) / 2 & ~1, (target.height() - fitHeight) / 2 & ~1, fitWidth, fitHeight);
        }
        converter.draw(
                picture.frame(),
                picture.tags(),
                picture.orientation(),
                picture.hdr().peakNits(),
                keepsAlpha,
                place);
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
            converter.close();
            picture.close();
        }
    }

    private void readFirst() throws VideoException {
        if (!decode()) {
            if (ContainerGuess.isAnimatedWebp(file)) {
                throw new VideoException(file, "is an animated WebP, which FFmpeg has no decoder for");
            }
            if (stream.isUnsupported()) {
                throw new VideoException(
                        file, "has video of a kind that FFmpeg cannot decode (" + stream.containerName() + ")");
            }
            throw new VideoException(
                    file, "is truncated or damaged: no picture in it can be decoded (" + stream.containerName() + ")");
        }
        ahead = true;
    }

    private boolean decode() throws VideoException {
        if (!stream.decode(picture.frame())) {
            return false;
        }
        picture.update(stream.codedWidth(), stream.codedHeight());
        return true;
    }

    private void checkComplete() throws VideoException {
        if (stream.damaged()) {
            throw new VideoException(file, "is truncated or damaged: it ends after " + count + " frames");
        }
    }

    private void stampFrame() {
        long stamp = stream.stamp(picture.frame());
        durationNanos = stream.duration(picture.frame());
        timestampNanos =
                stamp == avutil.AV_NOPTS_VALUE ? timeline.unstamped(durationNanos) : timeline.at(stamp, durationNanos);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(file + " was closed");
        }
    }
}
