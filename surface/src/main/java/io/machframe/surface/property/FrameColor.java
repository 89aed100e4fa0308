/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the numbers of a picture stand for colours, by the code points of ITU-T H.273, which FFmpeg, GStreamer and the headers
 * of videos have too. {@link ColorPrimaries}, {@link TransferFunction} and {@link YCbCrMatrix} name those that CoreVideo
 * knows; these alone can be attached to surfaces.
 *
 * @param primaries {@code ColourPrimaries}
 * @param transfer {@code TransferCharacteristics}
 * @param matrix {@code MatrixCoefficients}
 * @param range whether black and white are the ends of the numbers; not attached, as the pixel format of a surface tells it
 */
public record FrameColor(int primaries, int transfer, int matrix, Range range) {
    /** The code point for what is not told. */
    public static final int UNSPECIFIED_CODE = 2;

    /** Nothing is said. */
    public static final FrameColor UNSPECIFIED =
            new FrameColor(UNSPECIFIED_CODE, UNSPECIFIED_CODE, UNSPECIFIED_CODE, Range.UNSPECIFIED);

    /** High definition video, limited range. */
    public static final FrameColor BT709 = new FrameColor(1, 1, 1, Range.LIMITED);

    /** What screens show, full range. */
    public static final FrameColor SRGB = new FrameColor(1, 13, 0, Range.FULL);

    private static final int MAX_CODE = 255;
    private static final int IDENTITY = 0;
    private static final int RESERVED = 3;

    /** Which numbers are used. */
    public enum Range {
        /** Nothing is said: that of the pixel format. */
        UNSPECIFIED(0),
        /** Black is 16 and white 235 of 255. */
        LIMITED(1),
        /** All. */
        FULL(2);

        private final int code;

        Range(int code) {
            this.code = code;
        }

        /** Returns the number it has in the protocol. */
        public int code() {
            return code;
        }
    }

    public FrameColor {
        if (!isCode(primaries) || !isCode(transfer) || !isCode(matrix)) {
            throw new IllegalArgumentException(
                    "code points are 0 to " + MAX_CODE + ", not " + primaries + ", " + transfer + ", " + matrix);
        }
    }

    private static boolean isCode(int number) {
        return number >= 0 && number <= MAX_CODE;
    }

    /** Returns what is attached to a surface with these values; what is not, or not known here, is unspecified. */
    public static FrameColor of(Map<String, ?> attachments) {
        return new FrameColor(
                ColorPrimaries.ofAttachment(attachments.get(ColorPrimaries.KEY))
                        .map(ColorPrimaries::code)
                        .orElse(UNSPECIFIED_CODE),
                TransferFunction.ofAttachment(attachments.get(TransferFunction.KEY))
                        .map(TransferFunction::code)
                        .orElse(UNSPECIFIED_CODE),
                YCbCrMatrix.ofAttachment(attachments.get(YCbCrMatrix.KEY))
                        .map(YCbCrMatrix::code)
                        .orElse(UNSPECIFIED_CODE),
                Range.UNSPECIFIED);
    }

    /** Returns the values to attach: none for what CoreVideo has no name for. */
    public Map<String, Object> attachments() {
        Map<String, Object> values = new HashMap<>();
        ColorPrimaries.ofCode(primaries).ifPresent(named -> values.put(ColorPrimaries.KEY, named.attachment()));
        TransferFunction.ofCode(transfer).ifPresent(named -> values.put(TransferFunction.KEY, named.attachment()));
        YCbCrMatrix.ofCode(matrix).ifPresent(named -> values.put(YCbCrMatrix.KEY, named.attachment()));
        return values;
    }

    public FrameColor withMatrix(YCbCrMatrix named) {
        return new FrameColor(primaries, transfer, named.code(), range);
    }

    /** Returns whether the picture reaches beyond the white of a page. */
    public boolean isHdr() {
        return transfer == TransferFunction.PQ.code() || transfer == TransferFunction.HLG.code();
    }

    /**
     * Returns the matrix to convert luma and chroma with: the usual one of a picture of {@code height} rows if none is told.
     *
     * @throws IllegalArgumentException if one is told that is none of {@link YCbCrMatrix}; the message names it
     */
    public YCbCrMatrix yCbCrMatrix(int height) {
        if (matrix == UNSPECIFIED_CODE || matrix == IDENTITY || matrix == RESERVED) {
            return YCbCrMatrix.ofHeight(height);
        }
        Optional<YCbCrMatrix> named = YCbCrMatrix.ofCode(matrix);
        return named.orElseThrow(() -> new IllegalArgumentException(
                "luma and chroma of the matrix number " + matrix + " cannot be converted"));
    }
}
