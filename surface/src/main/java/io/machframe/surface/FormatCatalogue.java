/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static io.machframe.surface.Subsampling.NONE;
import static io.machframe.surface.Subsampling.YUV_420;
import static io.machframe.surface.Subsampling.YUV_422;

import io.machframe.surface.FormatDescription.PlaneShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pixel formats whose layout the library knows: a table, one row for each format, to be read and added to. */
final class FormatCatalogue {
    private static final Map<PixelFormat, FormatDescription> ROWS = new HashMap<>();

    static {
        // format, subsampling, planes: of full size, and halved both ways, each with its bytes per element
        row(PixelFormat.BGRA, NONE, full(4));
        row(PixelFormat.RGBA, NONE, full(4));
        row(PixelFormat.RGBA_HALF, NONE, full(8));
        row(PixelFormat.GRAY8, NONE, full(1));
        row(PixelFormat.NV12_VIDEO, YUV_420, full(1), half(2));
        row(PixelFormat.NV12_FULL, YUV_420, full(1), half(2));
        row(PixelFormat.NV12_ALPHA_VIDEO, YUV_420, full(1), half(2), full(1));
        row(PixelFormat.P010_VIDEO, YUV_420, full(2), half(4));
        row(PixelFormat.P010_FULL, YUV_420, full(2), half(4));
        row(PixelFormat.I420_VIDEO, YUV_420, full(1), half(1), half(1));
        row(PixelFormat.I420_FULL, YUV_420, full(1), half(1), half(1));
        row(PixelFormat.UYVY_VIDEO, YUV_422, packed(2, 4));
        // v210 comes in blocks of 48 pixels, 128 bytes
        rowAlignedTo(128, PixelFormat.V210_VIDEO, YUV_422, packed(6, 16));
    }

    private FormatCatalogue() {}

    static Optional<FormatDescription> find(PixelFormat format) {
        return Optional.ofNullable(ROWS.get(format));
    }

    static List<PixelFormat> formats() {
        return List.copyOf(ROWS.keySet());
    }

    private static void row(PixelFormat format, Subsampling subsampling, PlaneShape... planes) {
        rowAlignedTo(1, format, subsampling, planes);
    }

    private static void rowAlignedTo(int alignment, PixelFormat format, Subsampling subsampling, PlaneShape... planes) {
        ROWS.put(format, new FormatDescription(format, subsampling, List.of(planes), alignment));
    }

    private static PlaneShape full(int bytesPerElement) {
        return new PlaneShape(1, 1, bytesPerElement, 1, 1);
    }

    private static PlaneShape half(int bytesPerElement) {
        return new PlaneShape(2, 2, bytesPerElement, 1, 1);
    }

    private static PlaneShape packed(int pixels, int bytesPerElement) {
        return new PlaneShape(1, 1, bytesPerElement, pixels, 1);
    }
}
