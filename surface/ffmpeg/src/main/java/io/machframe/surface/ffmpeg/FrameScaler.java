/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Writes decoded pictures into given memory: converts their colours and, where sizes differ, scales them, in one pass
 * of {@code sws_scale} from the decoder's memory to the target's.
 *
 * <p>What is written depends on the source alone, never on the target's strides and addresses. Bytes of padding at the
 * end of a row may be overwritten; bytes past the last row are not. Memory whose rows are not padded to 64 bytes, as
 * those of every surface are, costs one more copy.
 *
 * <p>Pictures in 420v and 420f keep the colour matrix of the source (BT.709 or BT.601, for example); their range is
 * converted. The alpha of BGRA is always 255.
 *
 * <p><b>Ownership.</b> The scaler owns native memory of its own, never the target's.
 *
 * <p><b>Threads.</b> For one thread at a time.
 */
public final class FrameScaler implements AutoCloseable {
    private static final int PLANES = 4;

    private final PointerPointer<Pointer> addresses = new PointerPointer<>(PLANES);
    private final IntPointer strides = new IntPointer(PLANES);
    private @Nullable Conversion conversion;
    private @Nullable Picture staging;
    private boolean closed;

    private FrameScaler() {
        for (int i = 0; i < PLANES; i++) {
            addresses.put(i, (Pointer) null);
            strides.put(i, 0);
        }
    }

    /**
     * Returns a new scaler.
     *
     * @throws VideoException if there is no FFmpeg for this system
     */
    public static FrameScaler open() throws VideoException {
        Libav.load();
        return new FrameScaler();
    }

    /**
     * Writes the present picture of {@code reader} into {@code target}, filling all of it.
     *
     * @throws VideoException if the file's kind of pictures cannot be converted
     */
    public void draw(VideoReader reader, Picture target) throws VideoException {
        DecodedFrame frame = reader.frame();
        if (!Conversion.supports(frame.format())) {
            throw new VideoException(
                    reader.file(), "its pictures, " + Conversion.name(frame.format()) + ", cannot be converted");
        }
        draw(frame, target);
    }

    void draw(DecodedFrame frame, Picture target) {
        if (closed) {
            throw new IllegalStateException("the scaler was closed");
        }
        if (target.isPadded()) {
            convert(frame, target);
        } else {
            // swscale writes whole vectors: past the end of an unpadded row, or not at all for its last pixels.
            Picture padded = stagingFor(target);
            convert(frame, padded);
            target.copyFrom(padded);
        }
    }

    /** Frees the scaler's memory. May be called again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            dropConversion();
            addresses.close();
            strides.close();
        }
    }

    private void convert(DecodedFrame frame, Picture target) {
        for (int i = 0; i < target.layout().planeCount(); i++) {
            addresses.put(i, target.address(i));
            strides.put(i, target.stride(i));
        }
        conversionFor(frame, target).run(frame, target, addresses, strides);
    }

    private Conversion conversionFor(DecodedFrame frame, Picture target) {
        if (conversion == null || !conversion.fits(frame, target)) {
            dropConversion();
            conversion = new Conversion(frame, target);
        }
        return conversion;
    }

    private Picture stagingFor(Picture target) {
        if (staging == null || !staging.isLike(target)) {
            staging = Picture.allocate(target.layout(), target.width(), target.height());
        }
        return staging;
    }

    private void dropConversion() {
        if (conversion != null) {
            conversion.close();
            conversion = null;
        }
    }
}
