/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.core.error.MachException;
import io.machframe.surface.LockOption;
import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameArea;
import io.machframe.surface.stream.FrameInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Reads a frame, or a surface, as it is to be shown, as red, green and blue of eight bits: by the matrix, the transfer
 * function and the meaning of alpha that the frame says or that are attached to the surface; cropped and turned. The
 * counterpart of {@link VideoDecoder#draw(FrameDraft)}.
 *
 * <p>Not thread-safe.
 */
public final class SurfacePixels implements AutoCloseable {
    private final PictureConverter converter = new PictureConverter();
    private final AVFrame picture;
    private int[] stored = {};
    private int[] shown = {};
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int width;
    private int height;
    private boolean transparent;

    private SurfacePixels() {
        picture = avutil.av_frame_alloc();
    }

    /**
     * Returns a new reader.
     *
     * @throws VideoException if there is no FFmpeg for this system
     */
    public static SurfacePixels open() throws VideoException {
        Libav.load();
        return new SurfacePixels();
    }

    /**
     * Reads a surface, by what is attached to it.
     *
     * @return {@code 0xaarrggbb} for each pixel, straight, row after row; the same array as long as the size is the same
     * @throws IllegalArgumentException if the surface is of none of {@link VideoDecoder#FORMATS}
     * @throws MachException if its attachments cannot be read
     * @throws IOException if its colours cannot be converted; the message names them
     */
    public int[] read(Surface surface) throws IOException {
        return read(surface, FrameInfo.of(surface));
    }

    /** Reads a frame, by what it says itself. Otherwise as {@link #read(Surface)}. */
    public int[] read(Frame frame) throws IOException {
        return read(frame.surface(), frame.info());
    }

    /** Returns the pixels in a row of what was read last. */
    public int width() {
        return width;
    }

    /** Returns the rows of what was read last. */
    public int height() {
        return height;
    }

    /** Returns whether the alpha of what was read last means something. */
    public boolean isTransparent() {
        return transparent;
    }

    @Override
    public void close() {
        converter.close();
        avutil.av_frame_free(picture);
    }

    private int[] read(Surface surface, FrameInfo info) throws IOException {
        TargetFormat format = TargetFormat.of(surface.pixelFormat())
                .orElseThrow(() -> new IllegalArgumentException(
                        "pixels can be read of " + VideoDecoder.FORMATS + ", not of " + surface.pixelFormat()));
        int count = Math.multiplyExact(surface.width(), surface.height());
        if (stored.length != count) {
            stored = new int[count];
        }
        transparent = format.isRgb() && info.alpha() != AlphaMode.NONE;
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            if (format.isRgb()) {
                copy(lock.plane(0), surface.width(), surface.height());
            } else {
                convert(format, surface, lock, info);
            }
        } catch (UnsupportedColorException e) {
            throw new IOException("the frame has " + e.getMessage() + ", which cannot be converted", e);
        }
        for (int i = 0; i < count; i++) {
            stored[i] = straight(stored[i], transparent ? info.alpha() : AlphaMode.NONE);
        }
        return shown(surface, info);
    }

    /** Cuts the crop out and turns it. */
    private int[] shown(Surface surface, FrameInfo info) {
        FrameArea whole = new FrameArea(0, 0, surface.width(), surface.height());
        FrameArea area = info.visible(surface.width(), surface.height());
        Orientation turn = info.orientation();
        width = turn.isSideways() ? area.height() : area.width();
        height = turn.isSideways() ? area.width() : area.height();
        if (turn == Orientation.UP && area.equals(whole)) {
            return stored;
        }
        if (shown.length != width * height) {
            shown = new int[width * height];
        }
        // A matrix that turns a place takes one of 0, 0 to the corner where the picture begins.
        int right = turn.a() + turn.c() < 0 ? width - 1 : 0;
        int down = turn.b() + turn.d() < 0 ? height - 1 : 0;
        for (int y = 0; y < area.height(); y++) {
            int from = (area.y() + y) * surface.width() + area.x();
            for (int x = 0; x < area.width(); x++) {
                int toX = right + turn.a() * x + turn.c() * y;
                int toY = down + turn.b() * x + turn.d() * y;
                shown[toY * width + toX] = stored[from + x];
            }
        }
        return shown;
    }

    private void copy(PlaneBuffer plane, int columns, int rows) {
        IntBuffer from =
                plane.bytes().duplicate().clear().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        for (int y = 0; y < rows; y++) {
            from.get(y * (plane.bytesPerRow() / Integer.BYTES), stored, y * columns, columns);
        }
    }

    private static int straight(int pixel, AlphaMode mode) {
        int alpha = pixel >>> 24;
        if (mode == AlphaMode.NONE) {
            return pixel | 0xFF000000;
        }
        if (mode == AlphaMode.STRAIGHT || alpha == 255 || alpha == 0) {
            return pixel;
        }
        return alpha << 24
                | whole(pixel >> 16 & 255, alpha) << 16
                | whole(pixel >> 8 & 255, alpha) << 8
                | whole(pixel & 255, alpha);
    }

    private static int whole(int share, int alpha) {
        return Math.min(255, (share * 255 + alpha / 2) / alpha);
    }

    private void convert(TargetFormat format, Surface surface, SurfaceLock lock, FrameInfo info)
            throws UnsupportedColorException {
        int columns = surface.width();
        int rows = surface.height();
        FrameColor color = info.color();
        picture.format(format.bits() > Byte.SIZE ? avutil.AV_PIX_FMT_P010LE : avutil.AV_PIX_FMT_NV12);
        picture.width(columns).height(rows);
        for (int i = 0; i < format.planeCount(); i++) {
            PlaneBuffer plane = lock.plane(i);
            picture.data(i, new BytePointer(plane.bytes().duplicate().clear())).linesize(i, plane.bytesPerRow());
        }
        // FFmpeg's numbers are those of H.273.
        picture.color_range(format.fullRange() ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
        picture.colorspace(color.matrix()).color_trc(color.transfer()).color_primaries(color.primaries());
        if (bytes.capacity() != stored.length * Integer.BYTES) {
            bytes = ByteBuffer.allocate(stored.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        Raster target = new Raster(TargetFormat.BGRA, columns, rows, new ByteBuffer[] {bytes}, new int[1], new int[] {
            columns * Integer.BYTES
        });
        converter.draw(
                picture, ColorTags.of(picture, rows), Orientation.UP, info.hdr().peakNits(), false, target);
        bytes.asIntBuffer().get(0, stored);
    }
}
