/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.YCbCrMatrix;
import java.util.List;
import java.util.Objects;

/**
 * Converts pictures to BGRA with premultiplied alpha: ints {@code 0xAARRGGBB}, which in memory are blue, green, red, alpha
 * on a little-endian machine. It takes every format of the catalogue whose elements are colours of a known range: RGB in
 * any order, grey, 8 to 16 bits, half floats and floats, and planar, semi-planar and packed YCbCr.
 *
 * <p><b>Values.</b> Each channel is that of the formula of ITU-T H.273 for the matrix and the range, rounded, within one
 * level. A pixel takes the chroma sample that covers it. Transfer and primaries are left as they are: no tone is mapped.
 * Floats are taken as encoded values, multiplied by the exposure and cut off at 0 and 1.
 *
 * <p><b>Alpha.</b> By the meaning of the source's: {@link AlphaMode#NONE}, or a format without alpha, gives 255; {@link
 * AlphaMode#PREMULTIPLIED} leaves colours as they are; {@link AlphaMode#STRAIGHT} multiplies them.
 *
 * <p><b>Threads.</b> Not thread-safe: it keeps rows between calls, and after the first makes no garbage. To split a
 * picture over threads make a converter for each, and let each convert rows of its own.
 */
public final class BgraConverter {
    private final RowConverter rows;
    private final FormatDescription format;

    private BgraConverter(FormatDescription format, RowConverter rows) {
        this.format = format;
        this.rows = rows;
    }

    /** Returns whether pictures of a format can be converted. */
    public static boolean supports(PixelFormat format) {
        return format.description().filter(BgraConverter::isColour).isPresent();
    }

    private static boolean isColour(FormatDescription format) {
        return format.range() != ComponentRange.UNKNOWN;
    }

    /**
     * Makes a converter for pictures of a format.
     *
     * @param matrix of luma and chroma; without meaning for a format of RGB or grey
     * @param alpha what the source's alpha means; without meaning for a format that has none
     * @throws IllegalArgumentException if the format cannot be converted; the message says why
     */
    public static BgraConverter of(PixelFormat format, YCbCrMatrix matrix, AlphaMode alpha) {
        return of(format, matrix, alpha, 1);
    }

    /**
     * Makes a converter for pictures in a surface, by its format and what is attached to it.
     *
     * @throws IllegalArgumentException if the format cannot be converted; the message says why
     * @throws SurfaceException if what is attached cannot be read
     */
    public static BgraConverter of(Surface surface) throws SurfaceException {
        return of(
                surface.pixelFormat(),
                surface.attachments().yCbCrMatrix(),
                surface.attachments().alphaMode());
    }

    /**
     * As {@link #of(PixelFormat, YCbCrMatrix, AlphaMode)}, for floats that are brighter or darker than 0 to 1.
     *
     * @param exposure what floats are multiplied by; without meaning for other formats
     */
    public static BgraConverter of(PixelFormat format, YCbCrMatrix matrix, AlphaMode alpha, float exposure) {
        FormatDescription description = format.description()
                .orElseThrow(() -> new IllegalArgumentException("the library does not know the format " + format));
        if (!isColour(description)) {
            throw new IllegalArgumentException(
                    format + " (" + description.title() + ") has no colours of a known range to convert");
        }
        RowConverter rows;
        if (format.equals(PixelFormat.BGRA) && alpha != AlphaMode.STRAIGHT) {
            rows = new BgraRows(alpha == AlphaMode.NONE);
        } else if (ByteYuvRows.fits(description)) {
            rows = new ByteYuvRows(description, matrix);
        } else {
            rows = new AnyRows(description, matrix, alpha, exposure);
        }
        return new BgraConverter(description, rows);
    }

    /**
     * Converts some rows of a picture.
     *
     * @param planes all planes of the picture, as {@link io.machframe.surface.SurfaceLock#planes} has them; the first is
     *     as wide and high as the picture
     * @param firstRow of the picture
     * @param endRow the row after the last
     * @param pixels receives them, row {@code firstRow} from {@code offset} on
     * @param pixelsPerRow ints from one row to the next; what lies between the picture's width and it is left alone
     * @throws IllegalArgumentException if a plane is missing or too small, or {@code pixels} is
     * @throws IndexOutOfBoundsException if the picture does not have these rows
     */
    public void convert(
            List<PlaneBuffer> planes, int firstRow, int endRow, int[] pixels, int offset, int pixelsPerRow) {
        int width = planes.get(0).width();
        int height = planes.get(0).height();
        check(planes, width, height);
        Objects.checkFromToIndex(firstRow, endRow, height);
        requireSpace("pixels", width, endRow - firstRow, pixelsPerRow, pixels.length - (long) offset);
        for (int row = firstRow; row < endRow; row++) {
            rows.convert(planes, row, width, pixels, offset + (row - firstRow) * pixelsPerRow);
        }
    }

    /** Converts a whole picture, otherwise as {@link #convert(List, int, int, int[], int, int)}. */
    public void convert(List<PlaneBuffer> planes, int[] pixels, int pixelsPerRow) {
        convert(planes, 0, planes.get(0).height(), pixels, 0, pixelsPerRow);
    }

    private void check(List<PlaneBuffer> planes, int width, int height) {
        int count = format.planes().size();
        if (planes.size() != count) {
            throw new IllegalArgumentException(format.format() + " has " + count + " planes, not " + planes.size());
        }
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("no picture is " + width + " by " + height + " pixels");
        }
        for (int i = 0; i < count; i++) {
            PlaneShape shape = format.planes().get(i);
            PlaneBuffer plane = planes.get(i);
            requireSpace(
                    "a plane",
                    shape.rowBytes(width),
                    shape.rows(height),
                    plane.bytesPerRow(),
                    plane.bytes().capacity());
        }
    }

    private static void requireSpace(String what, long rowSize, int rows, int rowStep, long capacity) {
        if (rowStep < rowSize) {
            throw new IllegalArgumentException(what + ": a row needs " + rowSize + " but has " + rowStep);
        }
        long needed = rows == 0 ? 0 : (rows - 1L) * rowStep + rowSize;
        if (capacity < needed) {
            throw new IllegalArgumentException(what + ": needs " + needed + " but has " + capacity);
        }
    }
}
