/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.core.error.MachException;
import io.machframe.surface.LockOption;
import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.YCbCrMatrix;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.ColorPrimaries;
import io.machframe.surface.property.TransferFunction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Reads a surface as it is to be shown: by the matrix, the transfer function and the meaning of alpha that are attached to
 * it, as red, green and blue of eight bits. The counterpart of {@link VideoDecoder#draw}.
 *
 * <p>Not thread-safe.
 */
public final class SurfacePixels implements AutoCloseable {
    private final PictureConverter converter = new PictureConverter();
    private final AVFrame frame;
    private int[] pixels = {};
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private boolean transparent;

    private SurfacePixels() {
        frame = avutil.av_frame_alloc();
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
     * Reads a surface.
     *
     * @return {@code 0xaarrggbb} for each pixel, straight, row after row; the same array for each surface of this size
     * @throws IllegalArgumentException if the surface is of none of {@link VideoDecoder#FORMATS}
     * @throws MachException if its attachments cannot be read
     */
    public int[] read(Surface surface) throws MachException {
        TargetFormat format = TargetFormat.of(surface.pixelFormat())
                .orElseThrow(() -> new IllegalArgumentException(
                        "pixels can be read of " + VideoDecoder.FORMATS + ", not of " + surface.pixelFormat()));
        int count = Math.multiplyExact(surface.width(), surface.height());
        if (pixels.length != count) {
            pixels = new int[count];
        }
        Map<String, Object> attached = surface.attachments().all();
        AlphaMode alpha = AlphaMode.of(attached);
        transparent = format.isRgb() && alpha != AlphaMode.NONE;
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            if (format.isRgb()) {
                copy(lock.plane(0), surface.width(), surface.height());
            } else {
                convert(format, surface, lock, attached);
            }
        }
        for (int i = 0; i < count; i++) {
            pixels[i] = straight(pixels[i], alpha);
        }
        return pixels;
    }

    /** Returns whether the surface read last says that its alpha means something. */
    public boolean isTransparent() {
        return transparent;
    }

    @Override
    public void close() {
        converter.close();
        avutil.av_frame_free(frame);
    }

    private void copy(PlaneBuffer plane, int width, int height) {
        IntBuffer from =
                plane.bytes().duplicate().clear().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        for (int y = 0; y < height; y++) {
            from.get(y * (plane.bytesPerRow() / Integer.BYTES), pixels, y * width, width);
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

    private void convert(TargetFormat format, Surface surface, SurfaceLock lock, Map<String, Object> attached) {
        int width = surface.width();
        int height = surface.height();
        frame.format(format.bits() > Byte.SIZE ? avutil.AV_PIX_FMT_P010LE : avutil.AV_PIX_FMT_NV12);
        frame.width(width).height(height);
        for (int i = 0; i < format.planeCount(); i++) {
            PlaneBuffer plane = lock.plane(i);
            frame.data(i, new BytePointer(plane.bytes().duplicate().clear())).linesize(i, plane.bytesPerRow());
        }
        frame.color_range(format.fullRange() ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
        frame.colorspace(space(YCbCrMatrix.ofAttachment(attached.getOrDefault(YCbCrMatrix.KEY, ""))
                .orElse(YCbCrMatrix.ofHeight(height))));
        frame.color_trc(transfer(attached)).color_primaries(primaries(attached));
        if (bytes.capacity() != pixels.length * Integer.BYTES) {
            bytes = ByteBuffer.allocate(pixels.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        Raster target = new Raster(
                TargetFormat.BGRA, width, height, new ByteBuffer[] {bytes}, new int[1], new int[] {width * Integer.BYTES
                });
        try {
            double peak = HdrMetadata.peakNits(attached);
            converter.draw(frame, ColorTags.of(frame, height), Orientation.UPRIGHT, peak, false, target);
        } catch (UnsupportedColorException e) {
            throw new IllegalStateException(e); // none of what can be attached is unsupported
        }
        bytes.asIntBuffer().get(0, pixels);
    }

    private static int space(YCbCrMatrix matrix) {
        return switch (matrix) {
            case BT601 -> avutil.AVCOL_SPC_SMPTE170M;
            case BT709 -> avutil.AVCOL_SPC_BT709;
            case SMPTE240M -> avutil.AVCOL_SPC_SMPTE240M;
            case BT2020 -> avutil.AVCOL_SPC_BT2020_NCL;
        };
    }

    private static int transfer(Map<String, Object> attached) {
        return TransferFunction.ofAttachment(attached.getOrDefault(TransferFunction.KEY, ""))
                .map(function -> function == TransferFunction.PQ
                        ? avutil.AVCOL_TRC_SMPTE2084
                        : function == TransferFunction.HLG
                                ? avutil.AVCOL_TRC_ARIB_STD_B67
                                : avutil.AVCOL_TRC_UNSPECIFIED)
                .orElse(avutil.AVCOL_TRC_UNSPECIFIED);
    }

    private static int primaries(Map<String, Object> attached) {
        return ColorPrimaries.ofAttachment(attached.getOrDefault(ColorPrimaries.KEY, ""))
                .map(primaries -> switch (primaries) {
                    case BT709 -> avutil.AVCOL_PRI_BT709;
                    case EBU3213 -> avutil.AVCOL_PRI_BT470BG;
                    case SMPTE_C -> avutil.AVCOL_PRI_SMPTE170M;
                    case DCI_P3 -> avutil.AVCOL_PRI_SMPTE431;
                    case P3_D65 -> avutil.AVCOL_PRI_SMPTE432;
                    case BT2020 -> avutil.AVCOL_PRI_BT2020;
                    case P22 -> avutil.AVCOL_PRI_JEDEC_P22;
                })
                .orElse(avutil.AVCOL_PRI_UNSPECIFIED);
    }
}
