/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.memory;

import io.machframe.core.lifetime.Hold;
import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceLayout;
import java.util.List;
import java.util.OptionalInt;

/**
 * A surface's memory as a file descriptor, and how the picture lies in it, in the terms that Linux programs share: a
 * format of DRM without tiling, and for each plane where it begins and how far its rows are apart.
 *
 * <p><b>Ownership.</b> It owns the descriptor until it is closed or that is {@linkplain #take taken}. For any thread.
 */
public final class ExportedMemory implements AutoCloseable {
    /** {@code DRM_FORMAT_MOD_LINEAR}: pixels lie one after another. All that this library exports does. */
    public static final long MODIFIER_LINEAR = 0;

    private final int descriptor;
    private final long start;
    private final SurfaceLayout layout;
    private final Hold hold;

    /**
     * Takes ownership of a descriptor.
     *
     * @param start where in its memory the surface's bytes begin
     * @param close closes it
     */
    public ExportedMemory(int descriptor, long start, SurfaceLayout layout, Runnable close) {
        this.descriptor = descriptor;
        this.start = start;
        this.layout = layout;
        this.hold = Hold.of(this, "exported memory", close);
    }

    /**
     * Where a plane is.
     *
     * @param offset bytes from the start of the memory to its first pixel
     * @param bytesPerRow bytes from row to row, also called stride or pitch
     */
    public record Place(long offset, int bytesPerRow) {}

    /** Returns the descriptor; it stays open until this object is closed. */
    public int descriptor() {
        hold.requireOpen();
        return descriptor;
    }

    /** Returns the descriptor, to be closed by the caller, or by whom it is given to; this object is spent. */
    public int take() {
        hold.move();
        return descriptor;
    }

    /** Returns how many bytes of the memory must be mapped to have all of the picture. */
    public long size() {
        return start + layout.allocSize();
    }

    /** Returns where each plane is; a surface that is not planar has one. */
    public List<Place> planes() {
        return layout.planes().stream()
                .map(plane -> new Place(start + plane.offset(), plane.bytesPerRow()))
                .toList();
    }

    /** Returns the width in pixels. */
    public int width() {
        return layout.width();
    }

    /** Returns the height in pixels. */
    public int height() {
        return layout.height();
    }

    /** Returns the pixel format, which has names for {@linkplain io.machframe.surface.format.FormatDescription#name others} too. */
    public PixelFormat pixelFormat() {
        return layout.format();
    }

    /** Returns the format's number in {@code drm_fourcc.h}, or nothing if DRM does not have it. */
    public OptionalInt drmFormat() {
        return layout.format()
                .description()
                .flatMap(description -> description.name(Dialect.DRM))
                .map(ExportedMemory::fourCc)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    /** The first character is the lowest byte, and spaces follow a short name. */
    private static int fourCc(String name) {
        int code = 0;
        for (int i = 3; i >= 0; i--) {
            code = code << Byte.SIZE | (i < name.length() ? name.charAt(i) : ' ');
        }
        return code;
    }

    /** Closes the descriptor, unless it was taken. Further calls do nothing. */
    @Override
    public void close() {
        hold.close();
    }
}
